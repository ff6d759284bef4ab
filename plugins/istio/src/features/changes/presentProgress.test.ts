import type { Change } from '@istio-backstage/plugin-istio-common';
import { buildChange, outcome } from './__fixtures__/changes';
import { presentOutcome, isMoving } from './presentOutcome';
import { presentProgress } from './presentProgress';

const stepsOf = (more: Partial<Change>) =>
  presentProgress(buildChange(more)).map(step => [step.status, step.label]);

const requested = {
  at: '2026-07-14T14:12:31Z',
  kind: 'requested',
  text: 'Requested',
} as const;

describe('presentProgress', () => {
  it('tells the whole way of a verified change', () => {
    expect(stepsOf({})).toEqual([
      ['done', 'Requested'],
      ['done', 'Applied in 2 of 2 clusters'],
      ['done', 'Seen by the portal'],
      ['done', 'Seen in traffic: v2 29.6 %'],
    ]);
  });

  it('shows what is under way and what is still to come', () => {
    expect(
      stepsOf({
        state: 'applying',
        events: [requested],
        operations: [
          outcome(0, 'prod-eu'),
          outcome(1, 'prod-us', { outcome: 'pending' }),
        ],
      }),
    ).toEqual([
      ['done', 'Requested'],
      ['running', 'Applied in 1 of 2 clusters'],
      ['waiting', 'Seen by the portal'],
      ['waiting', 'Seen in traffic'],
    ]);
  });

  it('ends where a refusal stopped it', () => {
    expect(
      stepsOf({ state: 'denied', events: [requested], operations: [] }),
    ).toEqual([
      ['done', 'Requested'],
      ['failed', 'Denied'],
    ]);
  });

  it('does not claim traffic that nobody saw', () => {
    const steps = stepsOf({
      state: 'unverifiable',
      events: [
        requested,
        {
          at: '2026-07-14T14:22:31Z',
          kind: 'unverifiable',
          text: 'Not enough traffic: 3 requests in 10 min',
        },
      ],
    });
    expect(steps[3]).toEqual([
      'unknown',
      'Not enough traffic: 3 requests in 10 min',
    ]);
  });

  it('counts a cluster only when all of its objects are in force', () => {
    const steps = stepsOf({
      state: 'partial',
      operations: [
        outcome(0, 'prod-eu'),
        outcome(1, 'prod-eu', { outcome: 'failed' }),
        outcome(2, 'prod-us'),
      ],
    });
    expect(steps).toEqual([
      ['done', 'Requested'],
      ['failed', 'Applied in 1 of 2 clusters'],
    ]);
  });

  it('ends a reverted change with the way back', () => {
    const steps = stepsOf({
      state: 'reverted',
      events: [
        ...buildChange().events,
        {
          at: '2026-07-14T14:30:00Z',
          kind: 'reverted',
          text: 'Reverted by jonas.weber',
        },
      ],
      operations: [
        outcome(0, 'prod-eu', { outcome: 'undone' }),
        outcome(1, 'prod-us', { outcome: 'undone' }),
      ],
    });
    expect(steps[1]).toEqual(['done', 'Applied']);
    expect(steps[4]).toEqual(['done', 'Reverted by jonas.weber']);
  });
});

describe('presentOutcome', () => {
  it.each([
    [
      'denied',
      {
        outcome: 'denied',
        message: 'mira.kovac may not patch virtualservices',
      },
      'prod-eu: mira.kovac may not patch virtualservices. Nothing was changed. The try is in the log.',
    ],
    [
      'conflict',
      { outcome: 'conflict', message: 'the object has been modified' },
      'prod-eu: the object has been modified. Nothing of yours is in force.',
    ],
    [
      'failed',
      { outcome: 'failed', message: 'admission webhook refused: weight' },
      'prod-eu: admission webhook refused: weight. Nothing is in force. The try is in the log.',
    ],
    [
      'indeterminate',
      { outcome: 'unknown' },
      'No answer came from prod-eu. The change may or may not be in force there.',
    ],
  ] as const)('says what %s means', (state, more, expected) => {
    const presented = presentOutcome(
      buildChange({
        state,
        events: [],
        operations: [outcome(0, 'prod-eu', more)],
      }),
    );
    expect(presented.text).toBe(expected);
    expect(presented.whatToDo).toEqual(expect.any(String));
  });

  it('names where a partial change is in force and where not', () => {
    const presented = presentOutcome(
      buildChange({
        state: 'partial',
        operations: [
          outcome(0, 'prod-eu'),
          outcome(1, 'prod-us', { outcome: 'denied', message: 'forbidden' }),
        ],
      }),
    );
    expect(presented.text).toBe(
      'In force in prod-eu, not in prod-us. prod-us: forbidden.',
    );
  });

  it('takes the words of the log where no cluster was asked', () => {
    const presented = presentOutcome(
      buildChange({
        state: 'denied',
        operations: [],
        events: [{ at: requested.at, kind: 'denied', text: 'No permission' }],
      }),
    );
    expect(presented.text).toMatch(/^No permission\. Nothing was changed\./);
  });

  it('knows what is still moving', () => {
    expect(isMoving(buildChange({ state: 'applied' }))).toBe(true);
    expect(isMoving(buildChange({ state: 'indeterminate' }))).toBe(true);
    expect(isMoving(buildChange({ state: 'verified' }))).toBe(false);
  });
});
