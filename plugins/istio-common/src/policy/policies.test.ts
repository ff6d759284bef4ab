import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import {
  apiVersionOf,
  type KindName,
  kubernetesKindOf,
} from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { evaluatePolicies } from './evaluatePolicies';
import { operationsOf, policyWorld, SETTINGS } from './policyWorld.testdata';
import { POLICIES } from './policies/list';
import { guardrailSettingsSchema } from './settings';

interface WrittenObject {
  kind: string;
  apiVersion?: string;
  at: string;
  labels?: Record<string, string>;
  spec?: Record<string, unknown>;
}

interface Case {
  name: string;
  policy: string;
  before?: WrittenObject;
  after?: WrittenObject;
  beside?: WrittenObject[];
  /** A kind that could not be read. */
  unread?: KindName;
  by?: 'platform';
  expiresAt?: string;
  settings?: Record<string, unknown>;
  expect: string[];
}

const cases = load(
  readFileSync(join(__dirname, 'policies.cases.yaml'), 'utf8'),
) as Case[];

function toObject(written: WrittenObject): KubeObject {
  const { kind, at, labels, spec } = written;
  const [first, second] = at.split('/');
  return {
    apiVersion: written.apiVersion ?? apiVersionOf(kind as KindName),
    kind: written.apiVersion ? kind : kubernetesKindOf(kind as KindName),
    metadata: {
      uid: at,
      resourceVersion: '1',
      creationTimestamp: '2026-07-01T00:00:00Z',
      name: second ?? first,
      ...(second !== undefined && { namespace: first }),
      ...(labels && { labels }),
    },
    ...(spec && { spec }),
  };
}

describe('policies', () => {
  it.each(cases)('$policy: $name', one => {
    const before = one.before && toObject(one.before);
    const after = one.after && toObject(one.after);
    const { snapshot, match } = policyWorld(
      [...(one.beside ?? []).map(toObject), ...(before ? [before] : [])],
      one.unread,
    );
    const verdicts = evaluatePolicies({
      plan: {
        hash: '',
        operations: operationsOf([{ before, after }], snapshot),
      },
      match,
      snapshots: [snapshot],
      assessment: { versions: [], callers: [], observedSeconds: 300 },
      ...(one.expiresAt !== undefined && { expiresAt: one.expiresAt }),
      ...(one.by && {
        requester: {
          entityRef: 'user:default/ann',
          groups: ['group:default/platform'],
        },
      }),
      settings: one.settings
        ? guardrailSettingsSchema.parse({ ...SETTINGS, ...one.settings })
        : SETTINGS,
    });
    expect(
      verdicts
        .filter(({ policy }) => policy === one.policy)
        .map(({ verdict, text }) => `${verdict}: ${text}`),
    ).toEqual(one.expect);
  });

  it('have one name each, and cases', () => {
    const ids = POLICIES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const elsewhere = [
      'weight-step',
      'refused-callers',
      'foreign-owner',
      'istio-validation',
    ];
    expect(
      ids.filter(
        id =>
          !elsewhere.includes(id) && !cases.some(({ policy }) => policy === id),
      ),
    ).toEqual([]);
  });
});

describe('settings', () => {
  const problemsOf = (settings: unknown) => {
    const parsed = guardrailSettingsSchema.safeParse(settings);
    return parsed.success
      ? []
      : parsed.error.issues.map(
          ({ path, message }) => `${path.join('.')}: ${message}`,
        );
  };

  it.each<[string, unknown, RegExp]>([
    ['a kind that is never', { kinds: ['EnvoyFilter'] }, /^kinds.0: .*never/],
    ['a kind nobody knows', { kinds: ['Pod'] }, /^kinds.0: must be one of/],
    ['no kind', { kinds: [] }, /^kinds: /],
    ['a mode', { modes: { x: 'off' } }, /^modes.x: .*'enforce' \| 'warn'/],
    [
      'a list of everything',
      { teams: { a: { externalHosts: ['*'] } } },
      /^teams.a.externalHosts.0: must be a domain with a dot/,
    ],
    [
      'a list of a top-level domain',
      { teams: { a: { gatewayHosts: ['*.com'] } } },
      /^teams.a.gatewayHosts.0: /,
    ],
    [
      'an address',
      { teams: { a: { externalAddresses: ['10.0.0.0/40'] } } },
      /^teams.a.externalAddresses.0: must be an address/,
    ],
    [
      'a team',
      { platformTeams: ['a b'] },
      /^platformTeams.0: must be an entity/,
    ],
    ['a limit', { limits: { retryAttempts: -1 } }, /^limits.retryAttempts: /],
    ['a key', { tier1: [] }, /Unrecognized key/],
    [
      'an environment without clusters',
      { environments: { p: { clusters: [] } } },
      /^environments.p.clusters: /,
    ],
  ])('refuse %s by name', (_, settings, message) => {
    expect(problemsOf(settings)).toEqual([expect.stringMatching(message)]);
  });
});
