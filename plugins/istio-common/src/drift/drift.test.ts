import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { KubeObject } from '../resources/types';
import { attributeStep } from './attributeStep';
import { describeClaim, describeGap, titleExternal } from './describeExternal';
import { hideSecrets, HIDDEN_VALUE } from './hideSecrets';
import { observeObject } from './observeObject';
import { resolveExternalSteps } from './resolveExternalSteps';
import type { KnownWrite } from './types';

interface Written {
  uid?: string;
  rv: number;
  gen?: number;
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Manager and time of its last write; it holds the whole spec. */
  by?: Record<string, string>;
}

interface Case {
  name: string;
  before?: Written;
  gone?: number;
  after?: Written;
  writes?: {
    change?: string;
    base?: Written;
    result?: Written;
    unproven?: true;
    undo?: true;
    unheld?: true;
  }[];
  explained?: true;
  expect: string[];
}

const cases = load(
  readFileSync(join(__dirname, 'drift.cases.yaml'), 'utf8'),
) as Case[];

function toObject(written: Written): KubeObject {
  const { uid = 'one', rv, gen, spec, status, labels, annotations } = written;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'reviews',
      namespace: 'catalog',
      uid,
      resourceVersion: String(rv),
      generation: gen,
      labels,
      annotations,
      managedFields: Object.entries(written.by ?? {}).map(
        ([manager, time]) => ({
          manager,
          operation: 'Update',
          time: `2026-07-14T${time}Z`,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:spec': {}, 'f:metadata': { 'f:labels': {} } },
        }),
      ),
    },
    spec,
    ...(status && { status }),
  };
}

const seen = (written: Written | undefined) =>
  written && observeObject(toObject(written));

function tell(one: Case): string[] {
  const live = one.after && toObject(one.after);
  return resolveExternalSteps({
    before: seen(one.before),
    gone: one.gone === undefined ? undefined : String(one.gone),
    after: seen(one.after),
    writes: (one.writes ?? []).map(
      ({ change = '01HOWN', base, result, ...is }): KnownWrite => ({
        changeId: change,
        base: seen(base),
        result: seen(result),
        isUnproven: is.unproven,
        isUndo: is.undo,
        isUnheld: is.unheld,
      }),
    ),
    isExplained: one.explained,
  }).map(step => {
    const external = attributeStep(step, live);
    const { action, fields, claims, owner, unseen } = external;
    return [
      [
        action,
        ...fields,
        ...(claims.length > 0
          ? [`by ${claims.map(({ manager }) => manager).join(', ')}`]
          : []),
      ].join(' '),
      describeGap(external),
      unseen,
      owner && `kept by ${owner.name}${owner.madeIt ? ', which made it' : ''}`,
    ]
      .filter(Boolean)
      .join('; ');
  });
}

describe('changes that the product did not make', () => {
  it.each(cases.map(one => [one.name, one] as const))('%s', (_, one) => {
    expect(tell(one)).toEqual(one.expect);
  });

  it('says which of the changed fields each manager claims to hold', () => {
    const before = toObject({ rv: 1, gen: 1, spec: { a: 1, b: 1 } });
    const after = toObject({ rv: 9, gen: 3, spec: { a: 2, b: 2 } });
    after.metadata.managedFields = [
      {
        manager: 'helm',
        operation: 'Update',
        time: '2026-07-14T10:01:00Z',
        fieldsV1: { 'f:spec': { 'f:a': {} } },
      },
      {
        manager: 'kubectl-edit',
        operation: 'Update',
        time: '2026-07-14T10:02:00Z',
        fieldsV1: { 'f:spec': { 'f:b': {} } },
      },
      {
        manager: 'pilot-discovery',
        operation: 'Update',
        subresource: 'status',
        time: '2026-07-14T10:03:00Z',
        fieldsV1: {},
      },
    ];
    const external = attributeStep(
      { before: observeObject(before), after: observeObject(after) },
      after,
    );
    expect(external.claims).toEqual([
      {
        manager: 'kubectl-edit',
        operation: 'Update',
        at: '2026-07-14T10:02:00Z',
        fields: ['spec.b'],
      },
      {
        manager: 'helm',
        operation: 'Update',
        at: '2026-07-14T10:01:00Z',
        fields: ['spec.a'],
      },
    ]);
    expect(describeClaim(external)).toBe('kubectl-edit, helm (claimed)');
    expect(
      titleExternal({ kind: 'VirtualService', name: 'reviews' }, external),
    ).toMatchInlineSnapshot(
      `"reviews: VirtualService edited, spec.a and 1 more"`,
    );
  });

  it('finds whatever others did between the product’s writes, and nothing it did itself', () => {
    // A history of writes by the product and by others; the watch shows some of the states.
    const write = fc.record({
      mine: fc.boolean(),
      isSeen: fc.boolean(),
      value: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), history => {
        let state: Written = { rv: 1, gen: 1, spec: { value: 0 } };
        let known = seen(state);
        let told = 0;
        const writes: KnownWrite[] = [];
        let others = 0;
        history.forEach(({ mine, isSeen, value }, index) => {
          const next: Written = {
            rv: state.rv + 2,
            gen: (state.gen ?? 1) + 1,
            // Everybody changes something.
            spec: { value, step: index },
          };
          if (mine) {
            writes.push({
              changeId: `01H${index}`,
              base: seen(state),
              result: seen(next),
            });
          } else {
            others += 1;
          }
          state = next;
          if (!isSeen && index < history.length - 1) return;
          for (const step of resolveExternalSteps({
            before: known,
            after: seen(state),
            writes,
          })) {
            told += attributeStep(step).generations ?? 0;
          }
          known = seen(state);
        });
        // Each change of others is told once, alone or as one of several that were not seen.
        expect(told).toBe(others);
      }),
      { numRuns: 300 },
    );
  });
});

describe('hiding secrets', () => {
  it('keeps names and files, and no value under the name of a secret', () => {
    expect(
      hideSecrets({
        spec: {
          imagePullSecret: 'registry',
          tls: { credentialName: 'shop-tls', privateKey: '/etc/key.pem' },
          vmConfig: { env: [{ name: 'API_TOKEN', value: 'canary' }] },
          pluginConfig: { client_secret: 'canary', region: 'eu' },
          http: [
            { headers: { request: { set: { authorization: 'canary' } } } },
          ],
        },
      }),
    ).toEqual({
      value: {
        spec: {
          imagePullSecret: 'registry',
          tls: { credentialName: 'shop-tls', privateKey: '/etc/key.pem' },
          vmConfig: { env: [{ name: 'API_TOKEN', value: HIDDEN_VALUE }] },
          pluginConfig: { client_secret: HIDDEN_VALUE, region: 'eu' },
          http: [
            { headers: { request: { set: { authorization: HIDDEN_VALUE } } } },
          ],
        },
      },
      hidden: [
        'spec.vmConfig.env[0].value',
        'spec.pluginConfig.client_secret',
        'spec.http[0].headers.request.set.authorization',
      ],
    });
  });
});
