import type { ManagedFieldsEntry } from '../resources/types';

/** Who wrote an object and when, without the fields. */
export type Writer = Pick<
  ManagedFieldsEntry,
  'manager' | 'operation' | 'subresource' | 'time'
>;

/** An object as it was seen: what is needed to tell later what changed, and nothing that is secret. */
export interface ObservedObject {
  uid: string;
  /** Counts changes of the spec; absent where the API server does not count. */
  generation?: number;
  resourceVersion: string;
  /** SHA-256 of `content`, whatever version of its API group names it. */
  hash: string;
  /** The change of the portal that wrote it last, by its annotation. */
  changeId?: string;
  writers: Writer[];
  /** Without server-owned fields, bookkeeping and hidden values; absent where it is too large to be kept. */
  content?: Record<string, unknown>;
  /** Fields of `content` whose values are not in it. */
  hidden: string[];
}

/** A write of the product to the object. */
export interface KnownWrite {
  changeId: string;
  /** What it was planned on; absent: the object was not there. Its own precondition held the write to it. */
  base?: ObservedObject;
  /** What the API server made of it; absent: it deleted the object. */
  result?: ObservedObject;
  /** Somebody else carried it out, who was not held to the base: it does not prove it. */
  isUnheld?: true;
  /** Nothing tells which version it reached: the object's annotation alone proves it. */
  isUnproven?: true;
  /** It brings back the base. */
  isUndo?: true;
}

/** One change between two states of an object that no write of the product explains. */
export interface ExternalStep {
  before?: ObservedObject;
  after?: ObservedObject;
}
