import type { Fault, FaultKind } from './types';

const WRITES: FaultKind[] = [
  'error',
  'killedBefore',
  'killedAfter',
  'answerLost',
];
/** What only reads leaves nothing behind: after it is before the next one, and a lost answer is an error. */
const READS: FaultKind[] = ['error', 'killedBefore'];

/**
 * Stops before each write to the cluster, and before what is committed outside of a transaction: inside
 * one, a stopped process holds the log, and others wait for it.
 */
function listStops(run: {
  statements: string[];
  requests: { isWrite: boolean }[];
}): Fault[] {
  let depth = 0;
  const sql = run.statements.flatMap((statement, index) => {
    const isOutside = depth === 0;
    if (/^begin/i.test(statement)) depth += 1;
    if (/^(commit|rollback)/i.test(statement)) depth -= 1;
    return isOutside
      ? [{ at: 'sql' as const, index, kind: 'stopped' as const }]
      : [];
  });
  const http = run.requests.flatMap(({ isWrite }, index) =>
    isWrite ? [{ at: 'http' as const, index, kind: 'stopped' as const }] : [],
  );
  return [...sql, ...http];
}

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
    ...listStops(run),
  ];
}
