import { STRICT_UNPROVEN } from '../changes/access/findUnseen';
import type { AffectedCaller } from '../changes/types';
import { kubeObject } from '../testUtils/objects';
import { judgeCreated } from './policyWorld.testdata';

const policy = kubeObject(
  'AuthorizationPolicy',
  { namespace: 'catalog', name: 'p' },
  { spec: { selector: { matchLabels: { app: 'reviews' } } } },
);
const caller = (
  workload: string,
  after: NonNullable<AffectedCaller['access']>['after'],
  ownerRef?: string,
): AffectedCaller => ({
  workload,
  namespace: 'shop',
  requestsPerSecond: 1,
  movedBefore: 0,
  movedAfter: 0,
  access: { before: 'always', after, reason: '' },
  ...(ownerRef && { ownerRef }),
});

function judge(
  callers: AffectedCaller[],
  added: { code: string; severity: 'warning'; text: string }[] = [],
  observedSeconds = 86_400,
) {
  return judgeCreated(policy, {
    assessment: {
      versions: [],
      observedSeconds,
      callers,
      findings: { added, cleared: [] },
    },
  }).filter(verdict => verdict.policy === 'refused-callers');
}

describe('callers that are cut off', () => {
  it('need a second person, of either team or of the platform', () => {
    expect(
      judge([
        caller('web', 'never', 'group:default/shop-team'),
        caller('app', 'refused'),
        caller('job', 'always'),
      ]),
    ).toMatchObject([
      {
        verdict: 'needsApproval',
        text: 'shop/web and shop/app were seen calling and would be refused',
        approvers: [
          [
            'group:default/catalog-team',
            'group:default/shop-team',
            'group:default/platform',
          ],
        ],
      },
    ]);
  });

  it('are also those of whom only some requests may get through afterwards', () => {
    expect(judge([caller('web', 'never'), caller('app', 'sometimes')])).toEqual(
      [
        expect.objectContaining({
          verdict: 'needsApproval',
          text: 'shop/web was seen calling and would be refused',
        }),
        expect.objectContaining({
          verdict: 'needsApproval',
          text: 'shop/app was seen calling and may be refused',
        }),
      ],
    );
  });

  it('may be none', () => {
    expect(judge([caller('web', 'always')])).toMatchObject([
      { verdict: 'pass' },
    ]);
  });

  it('are not known where too little was seen, or nothing was measured', () => {
    expect(judge([], [], 0)).toMatchObject([{ verdict: 'unknown' }]);
    expect(
      judge([], [{ code: STRICT_UNPROVEN, severity: 'warning', text: 'why' }]),
    ).toMatchObject([{ verdict: 'needsApproval', text: 'why' }]);
  });
});
