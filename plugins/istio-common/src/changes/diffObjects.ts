import type { KubeObject } from '../resources/types';
import { formatYaml } from '../resources/formatYaml';
import { stripServerFields } from './stripServerFields';
import type { DiffLine } from './types';

/** Unchanged lines shown above and below a change. */
const CONTEXT = 2;

/** Beyond this many cells the table of the longest common subsequence is not worth its memory. */
const LARGEST_TABLE = 4_000_000;

/**
 * Differences of two objects as lines of YAML, server-owned fields left out. Without `before`
 * everything is added, without `after` everything is removed. Equal objects give no lines.
 */
export function diffObjects(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): DiffLine[] {
  return foldContext(
    diffLines(
      before ? formatYaml(stripServerFields(before)) : [],
      after ? formatYaml(stripServerFields(after)) : [],
    ),
  );
}

/** Differences of two texts, line by line. Equal texts give no lines. */
export function diffTexts(before: string, after: string): DiffLine[] {
  return foldContext(diffLines(linesOf(before), linesOf(after)));
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function diffLines(before: string[], after: string[]): DiffLine[] {
  let start = 0;
  while (
    start < before.length &&
    start < after.length &&
    before[start] === after[start]
  ) {
    start += 1;
  }
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  return [
    ...toLines('context', before.slice(0, start)),
    ...diffMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...toLines('context', before.slice(before.length - end)),
  ];
}

/** Longest common subsequence; removed lines stand above the added ones that replace them. */
function diffMiddle(before: string[], after: string[]): DiffLine[] {
  const width = after.length + 1;
  if (
    before.length === 0 ||
    after.length === 0 ||
    before.length * after.length > LARGEST_TABLE
  ) {
    return [...toLines('removed', before), ...toLines('added', after)];
  }
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'context', text: before[i] });
      i += 1;
      j += 1;
    } else if (
      j >= after.length ||
      (i < before.length &&
        common[(i + 1) * width + j] >= common[i * width + j + 1])
    ) {
      lines.push({ kind: 'removed', text: before[i] });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: after[j] });
      j += 1;
    }
  }
  return lines;
}

function foldContext(lines: DiffLine[]): DiffLine[] {
  const changed = lines.flatMap((line, index) =>
    line.kind === 'context' ? [] : [index],
  );
  if (changed.length === 0) {
    return [];
  }
  const kept = new Set<number>();
  for (const index of changed) {
    for (let near = index - CONTEXT; near <= index + CONTEXT; near += 1) {
      kept.add(near);
    }
  }
  const folded: DiffLine[] = [];
  let left = 0;
  const closeGap = () => {
    if (left > 0) {
      folded.push({
        kind: 'gap',
        text: left === 1 ? '1 unchanged line' : `${left} unchanged lines`,
      });
      left = 0;
    }
  };
  lines.forEach((line, index) => {
    if (kept.has(index)) {
      closeGap();
      folded.push(line);
    } else {
      left += 1;
    }
  });
  closeGap();
  return folded;
}

function toLines(kind: DiffLine['kind'], texts: string[]): DiffLine[] {
  return texts.map(text => ({ kind, text }));
}
