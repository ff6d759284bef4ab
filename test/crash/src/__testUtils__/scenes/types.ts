import type { CrashReport, CrashTask, RequestFault } from '../types';

/** The change of one run, and the world it meets. */
export interface SceneCase {
  task: CrashTask;
  /** What another replica does when the leases of the dead one have run out. */
  recover(): Promise<void>;
  /** What must not be, in words; empty when all is well. `report` is absent when the process died. */
  findViolations(report: CrashReport | undefined): Promise<string[]>;
}

/** Servers of one slot, and what changes are asked of them. */
export interface Scene {
  /** What its processes run. */
  readonly program: 'applyMain' | 'refusalMain';
  /** Asked before each request of a process is answered. */
  onRequest: (isWrite: boolean) => Promise<RequestFault | undefined>;
  open(owner: string): SceneCase;
  close(): Promise<void>;
}
