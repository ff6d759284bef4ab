import {
  readKnownDifferences,
  readUnjudgedKinds,
} from '../world/readKnownDifferences';
import { type Answer, get, MERGE, patch, post } from '../world/KubeApi';
import {
  type KubeObject,
  validateObject,
} from '@istio-backstage/plugin-istio-common';
import { testNamespace } from '../kubernetes/fixtures';
import { readWorld } from '../world/WorldHandle';
import { type CaseTable, readCases } from './readCases';

const namespace = testNamespace('istio');
const tables = readCases();
const isSandbox = readWorld().kind === 'sandbox';

/** Kinds that only their schema judges in the sandbox. */
const UNJUDGED = new Set(readUnjudgedKinds());
/** Objects of these that istiod refuses and the sandbox takes, with a warning. */
const ACCEPTED = new Set(readKnownDifferences('Istio'));
const NOT_JUDGED = /^the sandbox cannot judge this object as istiod would/;
/** What istiod alone says: of every EnvoyFilter, and by Envoy's messages of what is inside one. */
const ABOUT_ENVOY =
  /^EnvoyFilter exposes internal|unknown field|^using deprecated type/;

/** Tests call their namespace `catalog`. */
const toWorld = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null).replace(/catalog/g, namespace.name));
/** A null of a map is not stored. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, child) => child ?? undefined);
const fromWorld = (text: string) =>
  text.replace(new RegExp(namespace.name, 'g'), 'catalog');

const pathOf = ({ apiVersion, plural }: CaseTable) =>
  `/apis/${apiVersion}/namespaces/${namespace.name}/${plural}`;

function objectOf(table: CaseTable, one: CaseTable['cases'][number]) {
  return {
    apiVersion: table.apiVersion,
    kind: table.kubernetesKind,
    metadata: { name: 'x', ...one.metadata },
    spec: toWorld(one.spec),
  };
}

/** The words of a refusal, whoever chose them. */
function wordsOf({ body }: Answer): string {
  const [, text = ''] = body.message.split('configuration is invalid: ');
  return fromWorld(text)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLocaleLowerCase('en-US');
}

function expectRefused(
  answer: Answer,
  refused: NonNullable<CaseTable['cases'][number]['refused']>,
): void {
  expect(answer.body.kind).toBe('Status');
  if (refused === true) {
    expect([400, 422]).toContain(answer.status);
  } else if (refused.schema) {
    expect([
      answer.status,
      answer.body.details?.causes?.map(({ field }) => field),
    ]).toEqual([422, refused.schema]);
  } else {
    // A webhook's denial has no reason.
    expect([answer.status, answer.body.reason]).toEqual([400, undefined]);
    expect(answer.body.message).toMatch(
      /^admission webhook "[a-z.-]+istio\.io" denied the request: /,
    );
    const words = wordsOf(answer);
    const missing = (refused.istiod ?? []).filter(
      word => !word.split('|').some(one => words.includes(one)),
    );
    expect({ missing, words: missing.length > 0 && words }).toEqual({
      missing: [],
      words: false,
    });
  }
}

/** Returned as sent, defaults apart; a judge's warnings as many as there should be. */
function expectAccepted(
  answer: Answer,
  table: CaseTable,
  one: CaseTable['cases'][number],
): void {
  expect([answer.status, answer.text.slice(0, 500)]).toEqual([
    201,
    expect.any(String),
  ]);
  expect(answer.body.spec).toEqual(
    withoutNulls(toWorld(one.returns ?? one.spec)),
  );
  if (!UNJUDGED.has(table.kind)) {
    expect(
      answer.warnings.filter(line => !ABOUT_ENVOY.test(line)),
    ).toHaveLength(one.warnings ?? 0);
  } else if (isSandbox) {
    expect(answer.warnings).toEqual([expect.stringMatching(NOT_JUDGED)]);
  }
}

describe('the table', () => {
  it('has enough objects, of every kind', () => {
    const count = tables.reduce((sum, { cases }) => sum + cases.length, 0);
    expect(count).toBeGreaterThan(480);
    expect([...new Set(tables.map(({ kind }) => kind))].sort()).toEqual([
      'AuthorizationPolicy',
      'BackendTLSPolicy',
      'DestinationRule',
      'EnvoyFilter',
      'GRPCRoute',
      'Gateway',
      'HTTPRoute',
      'KubernetesGateway',
      'ListenerSet',
      'PeerAuthentication',
      'ProxyConfig',
      'ReferenceGrant',
      'RequestAuthentication',
      'ServiceEntry',
      'Sidecar',
      'TCPRoute',
      'TLSRoute',
      'Telemetry',
      'TrafficExtension',
      'UDPRoute',
      'VirtualService',
      'WasmPlugin',
      'WorkloadEntry',
      'WorkloadGroup',
    ]);
  });

  it('has everything that the README of the sandbox lists', () => {
    const kinds = new Set(tables.map(({ kind }) => kind));
    expect([...UNJUDGED].filter(kind => !kinds.has(kind))).toEqual([]);
    const listed = tables
      .filter(({ kind }) => UNJUDGED.has(kind))
      .flatMap(({ cases }) => cases)
      .filter(({ refused }) => refused && refused !== true && refused.istiod);
    expect(listed.map(({ id }) => id).sort()).toEqual([...ACCEPTED].sort());
  });
});

describe.each(tables.map(table => [table.kind, table] as const))(
  '%s',
  (_, table) => {
    it.each(table.cases.map(one => [one.name, one] as const))(
      '%s',
      async (__, one) => {
        expect.hasAssertions();
        const answer = await post(
          `${pathOf(table)}?dryRun=All`,
          objectOf(table, one),
        );
        if (isSandbox && ACCEPTED.has(one.id)) {
          expectAccepted(answer, table, one);
        } else if (one.refused) {
          expectRefused(answer, one.refused);
        } else {
          expectAccepted(answer, table, one);
        }
      },
    );
  },
);

/** Where a line of the core's validation is about; the schema's remarks on no field in particular left out. */
const fieldsOf = (lines: readonly string[]) =>
  [...new Set(lines.map(line => line.slice(0, line.indexOf(': '))))].sort();

describe('the core judges without a cluster what the API server does', () => {
  const ofGatewayApi = tables
    .filter(({ apiVersion }) => apiVersion.startsWith('gateway.'))
    .flatMap(table => table.cases.map(one => [one.id, table, one] as const));

  it.each(ofGatewayApi)('%s', (_, table, one) => {
    const { judge, errors } = validateObject(
      objectOf(table, one) as unknown as KubeObject,
    );
    // Of some refusals the table does not say by which fields.
    const told = one.refused === true ? undefined : one.refused?.schema ?? [];
    expect({
      judge,
      refused: errors.length > 0,
      fields: told && fieldsOf(errors),
    }).toEqual({
      judge: 'apiServer',
      refused: Boolean(one.refused),
      fields:
        told && [...new Set(told)].filter(field => field !== '<nil>').sort(),
    });
  });
});

describe('the status of', () => {
  const kinds = new Map(tables.map(table => [table.kind, table]));

  it.each([...kinds])('%s is a door of its own', async (kind, table) => {
    const accepted = tables
      .filter(other => other.kind === kind)
      .flatMap(({ cases }) => cases)
      .find(({ refused }) => !refused);
    const object = {
      ...objectOf(table, accepted!),
      metadata: { name: 'kept' },
    };
    expect((await post(pathOf(table), object)).status).toBe(201);
    const path = `${pathOf(table)}/kept`;
    const side = await patch(
      `${path}/status?dryRun=All`,
      { metadata: { labels: { a: 'b' } } },
      MERGE,
    );
    const known = kind === 'ReferenceGrant' ? 404 : 200;
    expect([side.status, (await get(`${path}/status`)).status]).toEqual([
      known,
      known,
    ]);
  });
});
