import {
  MeshFinding,
  Rule,
  Severity,
  SkippedRule,
} from '@istio-backstage/plugin-istio-common';
import { FilePosition } from '../positions/FieldLocator';

/** A finding and where its field is written. */
export interface PlacedFinding extends MeshFinding {
  /** Undefined for an object that no file holds. */
  at?: FilePosition;
}

/** What a report says of a rule, whichever list it is from. */
export type ReportedRule = Pick<
  Rule,
  'name' | 'title' | 'severity' | 'explanation' | 'remedy' | 'equivalents'
> & { code: string };

/** All that an analysis of files has to tell. */
export interface FindingsReport {
  /** Worst first. */
  findings: readonly PlacedFinding[];
  /** Rules that could not be asked. */
  skipped: readonly SkippedRule[];
  /** Every rule of the analysis, asked or not. */
  rules: readonly ReportedRule[];
  /** How many objects were looked at. */
  objects: number;
  counts: Readonly<Record<Severity, number>>;
}
