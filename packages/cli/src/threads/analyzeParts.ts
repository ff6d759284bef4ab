import {
  analyze,
  type MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { PartList } from './PartList';
import type { AnalyzedPart } from './types';

/** Analyses these parts. */
export function analyzeParts(
  numbers: Iterable<number>,
  given: { snapshot: MeshSnapshot; now: number; parts: PartList },
): AnalyzedPart[] {
  const { snapshot, now, parts } = given;
  const analyzed: AnalyzedPart[] = [];
  for (const part of numbers) {
    const result = analyze({ snapshot, now, part: parts.rangeOf(part) });
    analyzed.push({ part, result });
  }
  return analyzed;
}
