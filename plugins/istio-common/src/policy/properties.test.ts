import * as fc from 'fast-check';
import type { GuardrailVerdict } from '../changes/types';
import { hostCovers, hostsOverlap } from '../resources/hostPattern';
import {
  parseAddressRange,
  rangeCovers,
  rangesOverlap,
} from '../resources/address';
import { kubeObject } from '../testUtils/objects';
import { policyVersionOf } from './evaluatePolicies';
import { judgeCreated, SETTINGS } from './policyWorld.testdata';
import { POLICIES } from './policies/list';
import { guardrailSettingsSchema } from './settings';

const label = fc.constantFrom('reviews', 'catalog', 'payments', 'shop', 'a');
const name = fc
  .tuple(
    fc.array(label, { maxLength: 2 }),
    fc.constantFrom(
      'reviews',
      'reviews.catalog',
      'payments.payments.svc',
      'svc.cluster.local',
      'payments.payments.svc.cluster.local',
      'pay.example',
      'maps.example',
      'shop.example',
      'local',
    ),
  )
  .map(([labels, end]) => [...labels, end].join('.'));
const pattern = fc.oneof(
  name,
  name.map(each => `*.${each}`),
  name.map(each => `*${each}`),
  fc.constant('*'),
);

/** Other ways to write the same host. */
const rewritten = (host: string) =>
  fc
    .tuple(
      fc.array(fc.boolean(), {
        minLength: host.length,
        maxLength: host.length,
      }),
      fc.constantFrom('', '.'),
      fc.constantFrom('', ' ', '\t'),
    )
    .map(([upper, dot, blank]) => {
      const letters = [...host].map((letter, index) =>
        upper[index] ? letter.toUpperCase() : letter,
      );
      return `${blank}${letters.join('')}${dot}${blank}`;
    });

function hostVerdicts(
  host: string,
  input: Parameters<typeof judgeCreated>[1] = {},
): GuardrailVerdict['verdict'][] {
  return judgeCreated(
    kubeObject(
      'VirtualService',
      { namespace: 'catalog', name: 'r' },
      { spec: { hosts: [host], exportTo: ['.'] } },
    ),
    input,
  )
    .filter(({ policy }) => policy === 'host-ownership')
    .map(({ verdict }) => verdict);
}

describe('hosts', () => {
  it('overlap both ways, and exactly where one name fits both', () => {
    fc.assert(
      fc.property(pattern, pattern, name, (a, b, witness) => {
        expect(hostsOverlap(a, b)).toBe(hostsOverlap(b, a));
        expect(hostsOverlap(a, a)).toBe(true);
        const fitsBoth = hostCovers(a, witness) && hostCovers(b, witness);
        expect(!fitsBoth || hostsOverlap(a, b)).toBe(true);
        // The longer of two wildcards, with a letter in its place, fits both of two that overlap.
        const [longer] = [a, b].sort((x, y) =>
          x.startsWith('*') === y.startsWith('*')
            ? y.length - x.length
            : Number(x.startsWith('*')) - Number(y.startsWith('*')),
        );
        const common = longer.replace('*', 'x');
        expect(hostCovers(a, common) && hostCovers(b, common)).toBe(
          hostsOverlap(a, b),
        );
      }),
    );
  });

  it('cover what their parts cover', () => {
    fc.assert(
      fc.property(pattern, pattern, pattern, (a, b, c) => {
        fc.pre(hostCovers(a, b) && hostCovers(b, c));
        expect(hostCovers(a, c)).toBe(true);
      }),
    );
  });

  it('are judged alike however they are written', () => {
    fc.assert(
      fc.property(
        pattern.chain(host => fc.tuple(fc.constant(host), rewritten(host))),
        ([host, other]) => {
          expect(hostVerdicts(other)).toEqual(hostVerdicts(host));
        },
      ),
    );
  });

  it('are never given by a shorter list', () => {
    const none = guardrailSettingsSchema.parse({});
    fc.assert(
      fc.property(pattern, host => {
        const allowedBare = !hostVerdicts(host, { settings: none }).includes(
          'deny',
        );
        const allowed = !hostVerdicts(host).includes('deny');
        expect(allowedBare && !allowed).toBe(false);
      }),
    );
  });

  it('inside the cluster are given by no list', () => {
    const everything = guardrailSettingsSchema.parse({
      teams: {
        'catalog-team': {
          externalHosts: ['*.cluster.local', '*.svc.cluster.local', 'a.local'],
          gatewayHosts: [
            '*.cluster.local',
            'payments.payments',
            '*.payments.svc',
          ],
        },
      },
    });
    fc.assert(
      fc.property(
        fc
          .constantFrom(
            'payments.payments',
            'payments.payments.svc',
            'payments.payments.svc.cluster.local',
            '*.payments.svc',
            '*.cluster.local',
            'a.local',
          )
          .chain(rewritten),
        host => {
          expect(hostVerdicts(host, { settings: everything })).toContain(
            'deny',
          );
        },
      ),
    );
  });
});

describe('address ranges', () => {
  const v4 = fc
    .tuple(
      fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 0, max: 32 }),
    )
    .map(([parts, length]) => `${parts.join('.')}/${length}`);

  it('overlap exactly where one is in the other', () => {
    fc.assert(
      fc.property(v4, v4, (a, b) => {
        const [x, y] = [a, b].map(text => parseAddressRange(text)!);
        expect(rangesOverlap(x, y)).toBe(rangesOverlap(y, x));
        expect(rangeCovers(x, x)).toBe(true);
        expect(rangesOverlap(x, y)).toBe(
          rangeCovers(x, y) || rangeCovers(y, x),
        );
      }),
    );
  });
});

describe('modes', () => {
  const ids = POLICIES.map(({ id }) => id);
  const always = POLICIES.filter(each => each.alwaysEnforced).map(
    ({ id }) => id,
  );
  const subject = fc.constantFrom(
    kubeObject(
      'VirtualService',
      { namespace: 'payments', name: 'r' },
      {
        spec: {
          hosts: ['*'],
          http: [{ fault: {}, retries: { attempts: 99 } }],
        },
      },
    ),
    kubeObject('EnvoyFilter', { namespace: 'istio-system', name: 'r' }, {}),
    kubeObject('Sidecar', { namespace: 'catalog', name: 'r' }, {}),
  );

  it('make warnings of denials, never passes, and leave the rest alone', () => {
    fc.assert(
      fc.property(subject, fc.subarray(ids), (object, warned) => {
        const settings = guardrailSettingsSchema.parse({
          modes: Object.fromEntries(warned.map(id => [id, 'warn'])),
        });
        const enforced = judgeCreated(object, {
          settings: guardrailSettingsSchema.parse({}),
        });
        const judged = judgeCreated(object, { settings });
        expect(judged.map(({ policy }) => policy)).toEqual(
          enforced.map(({ policy }) => policy),
        );
        judged.forEach(({ policy, verdict }, index) => {
          const strict = enforced[index].verdict;
          const blocks = strict === 'deny' || strict === 'needsApproval';
          const softens =
            blocks && warned.includes(policy) && !always.includes(policy);
          expect(verdict).toBe(softens ? 'warn' : strict);
        });
      }),
    );
  });
});

describe('versions', () => {
  it('are the same for the same settings and differ for others', () => {
    const again = guardrailSettingsSchema.parse(
      JSON.parse(JSON.stringify(SETTINGS)),
    );
    expect(policyVersionOf(again)).toBe(policyVersionOf(SETTINGS));
    const other = guardrailSettingsSchema.parse({ limits: { stepPoints: 24 } });
    expect(policyVersionOf(other)).not.toBe(
      policyVersionOf(guardrailSettingsSchema.parse({})),
    );
    const [verdict] = judgeCreated(
      kubeObject('VirtualService', { namespace: 'catalog', name: 'r' }),
    );
    expect(verdict.policyVersion).toBe(policyVersionOf(SETTINGS));
  });
});
