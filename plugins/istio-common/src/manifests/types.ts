import type { DiffLine, PlanOperation } from '../changes/types';

/** A text file of a Git branch. */
export interface SourceFile {
  /** From the top of the repository: `apps/catalog/reviews.yaml`. */
  path: string;
  text: string;
}

/** A file as a proposal leaves it. */
export interface EditedFile {
  path: string;
  /** Absent: the file is removed. */
  text?: string;
  /** Absent: the file is new. */
  before?: string;
  diff: DiffLine[];
}

/** Where an object stands in a file. */
export interface ManifestPlace {
  path: string;
  /** Which document of the file, from 0. */
  document: number;
  /** Inside the document: nothing, or `items` and an index where it is a List. */
  within: (string | number)[];
  /** The object as the file has it. */
  value: Record<string, unknown>;
}

/** Where the objects of an owner come from, as far as finding their files needs it. */
export interface ManifestRules {
  /** Namespace of objects whose files name none. */
  namespace?: string;
  /** A file or a folder for objects that are new. */
  newFiles?: string;
}

/** Why a file cannot be edited, and in words what to do. */
export interface ManifestProblem {
  code:
    | 'notFound'
    | 'several'
    | 'template'
    | 'patched'
    | 'unreadable'
    | 'outOfSync'
    | 'notEditable'
    | 'noPlaceForNew'
    | 'contradiction';
  text: string;
}

export type Outcome<T> =
  | ({ ok: true } & T)
  | { ok: false; problem: ManifestProblem };

/** What of an operation decides the edit. */
export type ManifestOperation = Pick<
  PlanOperation,
  'action' | 'object' | 'before' | 'after' | 'body'
>;
