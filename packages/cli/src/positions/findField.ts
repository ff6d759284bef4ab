import { FieldPositions } from './locateFields';

/**
 * The position of a field by its path, `spec.http[0].match`; where the document does not have it, the nearest
 * one above it. Keys with dots are found as they are written: `metadata.labels.istio.io/rev`.
 */
export function findField(root: FieldPositions, path: string): FieldPositions {
  let found = root;
  let rest = path;
  while (rest !== '') {
    const step = takeItem(found, rest) ?? takeField(found, rest);
    if (!step) {
      return found;
    }
    found = step.to;
    rest = step.rest.replace(/^\./, '');
  }
  return found;
}

interface Step {
  to: FieldPositions;
  rest: string;
}

/** `[2]`, or a key in brackets. */
function takeItem(from: FieldPositions, path: string): Step | undefined {
  const written = /^\[(?:(\d+)|(["']?)(.*?)\2)\]/.exec(path);
  if (!written) {
    return undefined;
  }
  const [whole, index, , key] = written;
  const to =
    index === undefined
      ? from.fields?.get(key)
      : from.items?.[Number(index)] ?? from.fields?.get(index);
  return to && { to, rest: path.slice(whole.length) };
}

/** The longest key that the path starts with. */
function takeField(from: FieldPositions, path: string): Step | undefined {
  let end = path.length;
  while (end > 0) {
    const to = from.fields?.get(path.slice(0, end));
    if (to) {
      return { to, rest: path.slice(end) };
    }
    end = Math.max(
      path.lastIndexOf('.', end - 1),
      path.lastIndexOf('[', end - 1),
    );
  }
  return undefined;
}
