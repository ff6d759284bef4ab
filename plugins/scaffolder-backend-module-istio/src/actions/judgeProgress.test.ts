import type { Change } from '@istio-backstage/plugin-istio-common';
import { changeStateSchema } from '@istio-backstage/plugin-istio-common';
import { judgeProgress, type Goal } from './judgeProgress';

function change(state: Change['state'], text?: string): Change {
  return {
    title: 'reviews: v2 from 20 to 30 %',
    state,
    events: text
      ? [{ at: '2026-07-14T14:32:00.000Z', kind: 'requested', text }]
      : [],
  } as unknown as Change;
}

const statesThat = (progress: string, goal: Goal) =>
  changeStateSchema.options.filter(
    state => judgeProgress(change(state), goal).state === progress,
  );

describe('judgeProgress', () => {
  it('takes what is in force as applied', () => {
    expect(statesThat('reached', 'applied')).toEqual([
      'applied',
      'verified',
      'unverifiable',
    ]);
  });

  it('takes nothing for verified that traffic or proxies did not show', () => {
    expect(statesThat('reached', 'verified')).toEqual(['verified']);
    expect(statesThat('ended', 'verified')).toContain('unverifiable');
  });

  it('waits only where the change goes on by itself', () => {
    expect(statesThat('waiting', 'verified')).toEqual(
      expect.arrayContaining(['planned', 'applying', 'applied']),
    );
    expect(statesThat('ended', 'applied')).toEqual(
      expect.arrayContaining([
        'partial',
        'indeterminate',
        'denied',
        'conflict',
        'failed',
        'reverted',
      ]),
    );
  });

  it('says why it ended', () => {
    expect(
      judgeProgress(change('denied', 'RBAC does not allow it'), 'applied'),
    ).toEqual({
      state: 'ended',
      why: '“reviews: v2 from 20 to 30 %” is denied, not applied. RBAC does not allow it',
    });
  });
});
