import type { FindingFix } from '../types';
import { pointerOf } from './pointerOf';

/** Takes the field or list entry out. */
export function removal(title: string, path: string): FindingFix {
  return { title, patch: [{ op: 'remove', path: pointerOf(path) }] };
}

/** Puts the value in place of the one that is there. */
export function replacement(
  title: string,
  change: { path: string; value: unknown },
): FindingFix {
  return {
    title,
    patch: [
      { op: 'replace', path: pointerOf(change.path), value: change.value },
    ],
  };
}

/** Adds fields to the block. */
export function addition(
  title: string,
  change: { path: string; fields: Readonly<Record<string, unknown>> },
): FindingFix {
  return {
    title,
    patch: Object.entries(change.fields).map(([name, value]) => ({
      op: 'add',
      path: pointerOf(`${change.path}.${name}`),
      value,
    })),
  };
}
