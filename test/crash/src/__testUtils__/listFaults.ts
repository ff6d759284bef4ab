import type { Fault, FaultKind } from './types';

const WRITES: FaultKind[] = [
  'error',
  'killedBefore',
  'killedAfter',
  'answerLost',
];
/** What only reads leaves nothing behind: after it is before the next one, and a lost answer is an error. */
const READS: FaultKind[] = ['error', 'killedBefore'];

/** One fault per step and kind, for the steps that a run without faults took. */
export function listFaults(run: {
  statements: string[];
  requests: { isWrite: boolean }[];
}): Fault[] {
  return [
    ...run.statements.flatMap((sql, index) =>
      (/^\s*select/i.test(sql) ? READS : WRITES).map(kind => ({
        at: 'sql' as const,
        index,
        kind,
      })),
    ),
    ...run.requests.flatMap(({ isWrite }, index) =>
      (isWrite ? WRITES : READS).map(kind => ({
        at: 'http' as const,
        index,
        kind,
      })),
    ),
  ];
}
