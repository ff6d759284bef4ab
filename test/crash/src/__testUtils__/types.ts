import type { NewChange } from '../../../../plugins/istio-backend/src/changes/types';

/** How to reach one database. */
export interface DatabaseTarget {
  client: 'better-sqlite3' | 'pg';
  /** File, or connection string. */
  connection: string;
}

/**
 * What happens at one step: `error` it fails without effect, `killedBefore` and `killedAfter` the
 * process dies before or after its effect, `answerLost` it takes effect and nobody hears of it,
 * `stopped` the process stands still before it until another replica has had its turn.
 */
export type FaultKind =
  | 'error'
  | 'killedBefore'
  | 'killedAfter'
  | 'answerLost'
  | 'stopped';

/** The n-th statement or request of a run, counted from 0. */
export interface Fault {
  at: 'sql' | 'http';
  index: number;
  kind: FaultKind;
}

/** What a fault does to one request, for servers that are asked before each. */
export type RequestFault = 'dropBefore' | 'dropAfter' | { status: number };

/** What a child process does. */
export type CrashTask = {
  database: DatabaseTarget;
  change: NewChange;
  owner: string;
  fault?: Fault;
} & (
  | { journey: 'apply'; apiServer: string; apiToken: string }
  | { journey: 'refuse'; error: 'NotAllowedError' | 'InputError' }
);

/** What a child process says. */
export type ChildMessage = { is: 'stopping' } | ({ is: 'done' } & CrashReport);

/** What a child process says when it got to the end. */
export interface CrashReport {
  /** The statements of the run, in order. */
  statements: string[];
  /** What the requester was told, if not that it went well: the name of an error. */
  error?: string;
}
