import type { FindingFix } from '../types';

/** `spec.http[0].route[1]` as a JSON pointer. Field names of the kinds these rules mend hold no dot or slash. */
function pointerOf(path: string): string {
  return `/${path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .join('/')}`;
}

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
