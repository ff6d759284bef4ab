import { loadAll } from 'js-yaml';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { planChange } from '../changes/planChange';
import type { PlanOperation } from '../changes/types';
import { bindIntent } from '../intents/bindIntent';
import { intentSchema, type Intent } from '../intents/intent';
import { INTENTS } from '../intents/list';
import { loadGoldenRequests } from '../intents/__testUtils__/goldenCases.testdata';
import { nameSchema } from '../intents/routing/schema';
import { formatYaml } from '../resources/formatYaml';
import type { MeshSnapshot } from '../snapshot/types';

/** `INJECTION_RUNS` and `INJECTION_SEED` make it larger, and another one. */
const { INJECTION_RUNS = '400', INJECTION_SEED = '20261201' } = process.env;
const RUNS = { numRuns: Number(INJECTION_RUNS), seed: Number(INJECTION_SEED) };

/** What each form may write, whatever it is told. */
const WRITES: Record<Intent['type'], string[]> = {
  shiftTraffic: [
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
    'DestinationRule',
  ],
  abTest: ['VirtualService', 'HTTPRoute', 'DestinationRule'],
  timeoutsAndRetries: ['VirtualService', 'HTTPRoute'],
  circuitBreaker: ['DestinationRule'],
  mtlsMode: ['PeerAuthentication'],
  whoMayCall: ['AuthorizationPolicy'],
  applyFix: [
    'VirtualService',
    'DestinationRule',
    'HTTPRoute',
    'GRPCRoute',
    'Service',
    'PeerAuthentication',
    'AuthorizationPolicy',
    'Gateway',
    'Sidecar',
    'ServiceEntry',
  ],
};

/** Text that would be more than a value if objects were made of text. */
const HOSTILE = [
  'reviews\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x',
  'a"\nspec:\n  hosts: ["*"]\n',
  '*alias',
  '&anchor value',
  '!!js/function "function(){}"',
  '!!binary aGk=',
  '{{ .Values.host }}',
  '${{ parameters.host }}',
  '<<: *default',
  '# only a comment',
  '- item',
  'key: value',
  '"},{"kind":"Secret"',
  '../../secrets/x',
  'reviews/../../payments/virtualservices/payments',
  '%2e%2e%2f',
  '\u0000',
  '\u2028kind: Secret',
  '\ufeffname',
  'reviews\r\nImpersonate-User: admin',
  '*',
  '*.payments.svc.cluster.local',
  'payments.payments.svc.cluster.local',
  'payments',
  'istio-system',
  'v2',
  'x'.repeat(300),
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'apiVersion',
  'kind',
  'metadata',
  'namespace',
  'name',
  'spec',
  'exportTo',
  'gateways',
];

const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const hostileValue = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      null,
      [],
      {},
      1e99,
      -1,
      true,
      { polluted: 'yes' },
      ['a', ['b']],
    ),
  },
);

type Json = unknown;
type Mutation = { at: number; key?: string; value: Json };

const mutation: fc.Arbitrary<Mutation> = fc.record(
  {
    at: fc.nat({ max: 200 }),
    key: fc.oneof(fc.constantFrom(...KEYS), hostileText),
    value: hostileValue,
  },
  { requiredKeys: ['at', 'value'] },
);

/** Every place of a JSON value, as paths. */
function placesOf(value: Json, path: string[] = []): string[][] {
  const inside =
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, each]) =>
          placesOf(each, [...path, key]),
        )
      : [];
  return [path, ...inside];
}

/** JSON text, so that `__proto__` is a key as it is in a request. */
function mutate(value: Json, { at, key, value: put }: Mutation): Json {
  const places = placesOf(value).slice(1);
  const place = places[at % places.length];
  const write = (node: Json, [head, ...rest]: string[]): string => {
    const entries = Object.entries(node as object).map(([name, each]) => {
      if (name !== head) return [name, JSON.stringify(each)];
      if (rest.length > 0) return [name, write(each, rest)];
      return key !== undefined && isPlainObject(each)
        ? [name, withKey(each, key, put)]
        : [name, JSON.stringify(put)];
    });
    return Array.isArray(node)
      ? `[${entries.map(([, text]) => text).join()}]`
      : `{${entries
          .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
          .join()}}`;
  };
  return JSON.parse(write(value, place)) as Json;
}

function isPlainObject(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function withKey(value: object, key: string, put: Json): string {
  const inside = JSON.stringify(value).slice(1, -1);
  return `{${inside}${inside && ','}${JSON.stringify(key)}:${JSON.stringify(
    put,
  )}}`;
}

/** What the plan would send; undefined where the intent is refused. */
function operationsOf(
  request: Json,
  snapshot: MeshSnapshot,
): { intent: Intent; operations: PlanOperation[] } | undefined {
  const parsed = intentSchema.safeParse(request);
  if (!parsed.success) return undefined;
  const intent = parsed.data;
  const compiled = bindIntent(intent).compile(snapshot);
  if (!compiled.ok) return undefined;
  const { operations } = planChange({ compiled: [{ snapshot, ...compiled }] });
  return { intent, operations };
}

/** Namespaces that the intent is about, by its own word, which the backend holds against the component. */
function namespacesOf(intent: Intent): Set<string> {
  const namespaces = bindIntent(intent).targets.map(target => {
    switch (target.kind) {
      case 'route':
        return target.route.namespace;
      case 'object':
        return target.object.namespace;
      default:
        return target.namespace;
    }
  });
  return new Set(
    intent.type === 'mtlsMode' && intent.params.level === 'mesh'
      ? [...namespaces, 'istio-system']
      : namespaces,
  );
}

describe.each(INTENTS.map(({ type }) => type))('%s', type => {
  const requests = loadGoldenRequests(type);

  it('is planned as before where nothing is hostile, so that the below is about plans', () => {
    const planned = requests.filter(
      ({ request, snapshot }) =>
        (operationsOf(request, snapshot)?.operations.length ?? 0) > 0,
    );
    expect(planned.length).toBeGreaterThan(0);
  });

  it('makes no other object than it is about, whatever it is told', () => {
    let plans = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: requests.length - 1 }),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (index, mutations) => {
          const { request, snapshot } = requests[index];
          const told = mutations.reduce<Json>(
            (value, each) => ({
              type,
              params: mutate((value as typeof request).params, each),
            }),
            request,
          );
          const before = JSON.stringify(told);
          const plan = operationsOf(told, snapshot);
          expect(JSON.stringify(told)).toBe(before);
          expect({}).not.toHaveProperty('polluted');
          if (!plan) return;
          plans += 1;
          const namespaces = namespacesOf(plan.intent);
          for (const { object, body, after, action } of plan.operations) {
            expect(WRITES[type]).toContain(object.kind);
            expect(namespaces).toContain(object.namespace);
            expect(nameSchema.safeParse(object.name).success).toBe(true);
            if (action !== 'delete') expectOneObject(body ?? after, object);
          }
        },
      ),
      RUNS,
    );
    expect(plans).toBeGreaterThan(0);
  });
});

/** As JSON for the API server and as YAML for a diff or a pull request it is this one object. */
function expectOneObject(
  written: Record<string, unknown> | undefined,
  ref: PlanOperation['object'],
): void {
  const sent = JSON.parse(JSON.stringify(written)) as unknown;
  expect(sent).toMatchObject({
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
  });
  const text = formatYaml(sent).join('\n');
  expect(loadAll(text)).toEqual([sent]);
  const documents = parseAllDocuments(text);
  expect(documents).toHaveLength(1);
  expect(documents[0].toJS()).toEqual(sent);
}
