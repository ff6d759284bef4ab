import type { Field } from './Field';

/** What the cluster would say to one object. */
export interface ObjectValidation {
  /** False for kinds whose rules are not known here: then silence means nothing. */
  judged: boolean;
  /** Whose rules were asked: of istiod's webhook, or of the API server by the kind's CRD. */
  judge?: 'istiod' | 'apiServer';
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
