import {
  formatList,
  formatQuantity,
  type DiffLine,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { presentObject } from './presentOutcome';

/** The diff of one object; objects that change alike in several clusters share a block. */
export interface DiffBlock {
  key: string;
  object: ObjectRef;
  action: 'create' | 'patch' | 'delete';
  clusters: string[];
  lines: DiffLine[];
  /** Added or removed lines, whichever are more: an edited line counts once. */
  changedLines: number;
}

export interface DiffSource {
  object: ObjectRef;
  action: 'create' | 'patch' | 'delete';
  diff: DiffLine[];
}

const ACTIONS: Record<DiffBlock['action'], string> = {
  create: 'new',
  patch: '',
  delete: 'removed',
};

/** Counts an edited line once, as a person does: the larger of added and removed. */
export function countChangedLines(lines: DiffLine[]): number {
  const added = lines.filter(line => line.kind === 'added').length;
  const removed = lines.filter(line => line.kind === 'removed').length;
  return Math.max(added, removed);
}

/** One block per object, clusters with the same diff together. */
export function presentDiff(operations: DiffSource[]): DiffBlock[] {
  const blocks = new Map<string, DiffBlock>();
  for (const { object, action, diff } of operations) {
    const key = JSON.stringify([
      action,
      object.kind,
      object.namespace,
      object.name,
      diff,
    ]);
    const block = blocks.get(key);
    if (block) {
      if (!block.clusters.includes(object.cluster)) {
        block.clusters.push(object.cluster);
      }
    } else {
      blocks.set(key, {
        key,
        object,
        action,
        clusters: [object.cluster],
        lines: diff,
        changedLines: countChangedLines(diff),
      });
    }
  }
  return [...blocks.values()];
}

/** `VirtualService catalog/reviews, 2 lines, in prod-eu and prod-us`. */
export function describeDiffBlock(block: DiffBlock): string {
  return [
    presentObject(block.object),
    ACTIONS[block.action],
    formatQuantity(block.changedLines, 'line'),
    `in ${formatList(block.clusters)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const SIGN: Record<DiffLine['kind'], string> = {
  added: '+ ',
  removed: '- ',
  context: '  ',
  gap: '  …',
};

/** The diff as text for the clipboard, object by object. */
export function diffAsText(blocks: DiffBlock[]): string {
  return blocks
    .map(block =>
      [
        `# ${describeDiffBlock(block)}`,
        ...block.lines.map(line =>
          line.kind === 'gap' ? SIGN.gap : `${SIGN[line.kind]}${line.text}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}
