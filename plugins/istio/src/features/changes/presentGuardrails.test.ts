import type { DryRunResult } from '@istio-backstage/plugin-istio-common';
import { reviewsRoute } from './__fixtures__/changes';
import { presentGuardrails, summarizeGuardrails } from './presentGuardrails';

const run = (
  cluster: string,
  more: Partial<DryRunResult> = {},
): DryRunResult => ({
  cluster,
  object: reviewsRoute(cluster),
  result: 'accepted',
  warnings: [],
  istioWebhook: 'tookPart',
  ...more,
});
const pass = { policy: 'step', verdict: 'pass', text: 'Step of 10' } as const;

const textsOf = (...runs: DryRunResult[]) =>
  presentGuardrails([], runs).map(row => `${row.word}: ${row.text}`);

describe('presentGuardrails', () => {
  it('joins clusters whose dry runs said the same', () => {
    expect(textsOf(run('prod-eu'), run('prod-us'))).toEqual([
      'Passes: Dry run accepted in prod-eu and prod-us, Istio’s own validation included',
    ]);
  });

  it('does not call a schema check Istio’s validation', () => {
    expect(
      textsOf(
        run('prod-eu'),
        run('prod-us', { istioWebhook: 'notRegistered' }),
      ),
    ).toEqual([
      'Warning: Dry run accepted in prod-us, the schema only, Istio’s own validation is not registered there',
      'Passes: Dry run accepted in prod-eu, Istio’s own validation included',
    ]);
  });

  it('puts a refusal first and keeps warnings', () => {
    expect(
      textsOf(
        run('prod-eu', { warnings: ['weight sums to 99'] }),
        run('prod-us', { result: 'refused', message: 'not allowed' }),
        run('staging', { result: 'notRun', message: 'no answer' }),
      ),
    ).toEqual([
      'Refused: Dry run refused in prod-us: not allowed',
      'Unknown: No dry run in staging: no answer',
      'Warning: prod-eu warns: weight sums to 99',
      'Passes: Dry run accepted in prod-eu, Istio’s own validation included',
    ]);
  });

  it('takes the worst object of a cluster', () => {
    expect(
      textsOf(run('prod-eu'), run('prod-eu', { result: 'refused' })),
    ).toEqual(['Refused: Dry run refused in prod-eu: no reason given']);
  });
});

describe('summarizeGuardrails', () => {
  it('counts', () => {
    expect(
      summarizeGuardrails(presentGuardrails([pass], [run('prod-eu')])),
    ).toEqual({ verdict: 'pass', text: '2 of 2 pass' });
    expect(
      summarizeGuardrails(
        presentGuardrails(
          [pass, { policy: 'reach', verdict: 'needsApproval', text: 'x' }],
          [],
        ),
      ),
    ).toEqual({ verdict: 'needsApproval', text: '1 needs approval, 1 passes' });
  });

  it('takes no guardrail for unknown, not for passed', () => {
    expect(summarizeGuardrails([]).verdict).toBe('unknown');
  });
});
