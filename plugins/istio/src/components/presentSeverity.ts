import type { Severity } from '@istio-backstage/plugin-istio-common';
import type { StatusShapeName, StatusTone } from './StatusShape';

/** Word, shape and colour of a finding's severity. */
export interface SeverityLook {
  word: string;
  /** As the word of a count: `3 warnings`. */
  many: string;
  shape: StatusShapeName;
  tone: StatusTone;
}

const LOOKS: Record<Severity, SeverityLook> = {
  error: { word: 'Error', many: 'errors', shape: 'octagon', tone: 'bad' },
  warning: {
    word: 'Warning',
    many: 'warnings',
    shape: 'triangle',
    tone: 'warn',
  },
  info: { word: 'Note', many: 'notes', shape: 'info', tone: 'info' },
};

/** How a severity looks and what it is called. */
export function presentSeverity(severity: Severity): SeverityLook {
  return LOOKS[severity];
}
