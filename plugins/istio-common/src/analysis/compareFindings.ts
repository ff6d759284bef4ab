import { compareText } from '../resources/objectKey';
import type { MeshFinding, Severity } from './types';

const RANK: Readonly<Record<Severity, number>> = {
  error: 0,
  warning: 1,
  info: 2,
};

/** Worst first; what is equally bad keeps its order in a stable sort. */
export function compareSeverity(
  a: { severity: Severity },
  b: { severity: Severity },
): number {
  return RANK[a.severity] - RANK[b.severity];
}

/** Worst first, then by object, code and field: an order that does not depend on the input's. */
export function compareFindings(a: MeshFinding, b: MeshFinding): number {
  return (
    compareSeverity(a, b) ||
    compareText(a.object.namespace ?? '', b.object.namespace ?? '') ||
    compareText(a.object.kind, b.object.kind) ||
    compareText(a.object.name, b.object.name) ||
    compareText(a.code, b.code) ||
    compareText(a.path, b.path) ||
    compareText(a.message, b.message)
  );
}
