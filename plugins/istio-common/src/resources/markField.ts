import { formatYamlLines } from './formatYaml';
import { locateField } from './locateField';

/** An object as lines of YAML, with those of one field marked. */
export interface MarkedYaml {
  lines: readonly { text: string; marked: boolean }[];
  /** Path of what is marked; empty when nothing is. */
  marked: readonly (string | number)[];
  /** The part of the asked path that the object does not have: the marked lines are its nearest parent. */
  missing: string;
}

/** The object as YAML. Without a field, or where nothing of its path is there, nothing is marked. */
export function markField(object: unknown, fieldPath: string): MarkedYaml {
  const { path, missing } = locateField(object, fieldPath);
  return {
    lines: formatYamlLines(object).map(line => ({
      text: line.text,
      marked:
        path.length > 0 &&
        path.every((step, index) => line.path[index] === step),
    })),
    marked: path,
    missing,
  };
}
