import type { Helpers } from './threads/types';

/** Where a run reads and writes; tests give their own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** All of standard input. */
  readStdin(): string;
  /** Folder that relative paths start from. */
  cwd: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Threads that help where there is much to do. */
  helpers?: Helpers;
}

/** 0: nothing to complain of; 1: refused, denied, invalid or a failed case; 2: the input or the command is wrong. */
export type ExitCode = 0 | 1 | 2;
