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
