import type { ObjectView } from '@istio-backstage/plugin-istio-common';
import { presentFieldPath } from './presentFieldPath';

/** What of an object is marked, in words. */
export interface MarkNote {
  text: string;
  /** The asked field is not there. */
  isMissing: boolean;
}

/** Says what the marked lines are; nothing where no field was asked for. */
export function presentMark(options: {
  fieldPath: string;
  marked: readonly (string | number)[];
  missing: string;
}): MarkNote | undefined {
  const { fieldPath, marked, missing } = options;
  if (!fieldPath) return undefined;
  if (!missing) {
    return { text: `Marked: ${presentFieldPath(marked)}`, isMissing: false };
  }
  return {
    text:
      marked.length === 0
        ? `The object does not set ${fieldPath}.`
        : `The object does not set ${fieldPath}. Marked is what would hold it: ${presentFieldPath(
            marked,
          )}`,
    isMissing: true,
  };
}

/** A claim of the object about who writes it, and where it stands. */
export function presentManager({
  who,
  from,
  at,
}: ObjectView['managedBy'][number]): { who: string; source: string } {
  return from === 'managed fields'
    ? { who: `${who} (claimed)`, source: at ? 'last write' : 'writes it' }
    : { who, source: from };
}
