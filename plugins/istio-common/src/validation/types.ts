import type { Field } from './Field';

/** What istiod's webhook would say to one object. */
export interface ObjectValidation {
  /** False for kinds whose rules are not known here: then silence means nothing. */
  judged: boolean;
  /** Each names the field: `spec.http[0].route[1].weight: must not be negative, it is -5`. */
  errors: string[];
  warnings: string[];
}

/** What a kind's rules look at. */
export interface ValidatedObject {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  spec: Field;
  metadata: Field;
}

/** Adds errors and warnings to the fields of one kind of object. */
export type KindValidator = (object: ValidatedObject) => void;
