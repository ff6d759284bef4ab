import { explainReport } from '../audit/explainReport';
import type { LogReport } from '../audit/report';
import { resolveThread, type ThreadEntry } from './resolveThread';

const entry = (
  seq: number,
  kind: string,
  more: Partial<ThreadEntry> = {},
): ThreadEntry => ({
  seq,
  kind,
  opId: 'OP',
  by: 'user:default/mira.kovac',
  about: 'component:default/reviews',
  occurredAt: `2026-07-14T14:2${seq % 10}:00.000Z`,
  recordedAt: `2026-07-14T14:2${seq % 10}:00.100Z`,
  details: {},
  isRemoved: false,
  ...more,
});

const object = {
  cluster: 'prod-eu',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'catalog',
  name: 'reviews',
};
const diff = [{ kind: 'added', text: 'weight: 10' }];
const request = {
  title: 'reviews: v2 from 0 to 10 %',
  reason: 'Canary',
  ticket: 'CAT-1',
  intentType: 'shiftTraffic',
  groups: ['group:default/catalog-team'],
  address: '10.0.0.7',
  actingUsers: { 'prod-eu': { user: 'mira.kovac', groups: [] } },
  expiresAt: Date.parse('2026-07-15T00:00:00Z'),
  guardrails: [{ policy: 'weight-step', verdict: 'pass', text: 'Step of 10' }],
  operations: [{ index: 0, action: 'patch', object, diff, attemptId: 'A1' }],
};
const approval = {
  requirements: [],
  decisions: [],
  hash: 'f'.repeat(64),
  policyVersion: '7',
};

describe('resolveThread', () => {
  it('reads request, decisions, attempts, answers and result together', () => {
    const thread = resolveThread([
      entry(6, 'verified', { by: 'system' }),
      entry(1, 'requested', { details: request }),
      entry(2, 'approved', {
        by: 'user:default/priya.nair',
        details: { reason: 'Looks right', approval },
      }),
      entry(3, 'intent', { details: { ...request, address: undefined } }),
      entry(4, 'outcome', {
        details: {
          operation: {
            index: 0,
            outcome: 'applied',
            auditId: 'A1-echoed',
            diff: [{ kind: 'added', text: 'weight: 10, defaulted' }],
          },
        },
      }),
      entry(5, 'applied'),
    ]);
    expect(thread).toMatchObject({
      by: 'user:default/mira.kovac',
      reason: 'Canary',
      ticket: 'CAT-1',
      address: '10.0.0.7',
      actingUsers: { 'prod-eu': 'mira.kovac' },
      expiresAt: '2026-07-15T00:00:00.000Z',
      approval: { policyVersion: '7' },
      decisions: [
        { seq: 2, by: 'user:default/priya.nair', reason: 'Looks right' },
      ],
      operations: [
        {
          outcome: 'applied',
          attemptId: 'A1-echoed',
          diff: [{ text: 'weight: 10, defaulted' }],
        },
      ],
      result: 'verified',
    });
    expect(thread?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps what it can read of a refused, undone or redacted operation', () => {
    expect(resolveThread([])).toBeUndefined();
    expect(
      resolveThread([
        entry(1, 'denied', {
          details: { reason: 'Too much', intent: { type: 'shiftTraffic' } },
        }),
      ]),
    ).toMatchObject({ reason: 'Too much', operations: [], result: 'denied' });
    const undone = resolveThread([
      entry(1, 'intent', { details: request }),
      entry(2, 'intent', { details: { undo: { action: 'patch' } } }),
      entry(3, 'reverted', { details: { revertedBy: 'OTHER' } }),
    ]);
    expect(undone).toMatchObject({ reason: 'Canary', revertedBy: 'OTHER' });
    expect(
      resolveThread([entry(1, 'intent', { isRemoved: true })]),
    ).toMatchObject({ operations: [], groups: [], guardrails: [] });
    expect(
      resolveThread([
        entry(1, 'intent', {
          details: { groups: 7, operations: 'x', title: 4 },
        }),
      ]),
    ).toMatchObject({ groups: [], operations: [], title: undefined });
  });
});

const report = (change: Partial<LogReport> = {}): LogReport => ({
  verdict: 'intact',
  entries: { first: 1, last: 12, count: 12 },
  root: '',
  checkpoints: { count: 2, signed: 2, signedTo: 10 },
  anchors: { count: 1, coveredTo: 8 },
  uncoveredTail: { first: 9, last: 12 },
  redacted: [],
  purged: [],
  problems: [],
  problemCount: 0,
  notes: [],
  ...change,
});

describe('explainReport', () => {
  it('says up to where what would show, and the tail that would not', () => {
    const { proves, doesNotProve } = explainReport(report());
    expect(proves).toEqual([
      expect.stringContaining('Entries 1 to 12 are all there'),
      expect.stringContaining('Up to entry 10 signed'),
      expect.stringContaining('Up to entry 8 checkpoints kept outside'),
    ]);
    expect(doesNotProve[0]).toContain('Entries 9 to 12: no place outside');
  });

  it('claims no more than there is', () => {
    const anchors = { count: 0, coveredTo: 0 };
    const alone = explainReport(report({ anchors }));
    expect(alone.doesNotProve[0]).toContain(
      'tamper-evident only against edits by people without the signing key',
    );
    const checkpoints = { count: 2, signed: 0, signedTo: 0 };
    const bare = explainReport(report({ anchors, checkpoints }));
    expect(bare.proves).toHaveLength(1);
    expect(bare.doesNotProve[0]).toContain('neither signed nor compared');
    expect(explainReport(report({ verdict: 'broken' })).proves).toEqual([]);
  });
});
