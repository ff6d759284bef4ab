import type { Anchor } from './types';

/** One line of an anchor that keeps many checkpoints. */
export function formatAnchorLine(checkpoint: {
  number: number;
  note: string;
}): string {
  const { number, note } = checkpoint;
  return `${JSON.stringify({ number, note })}\n`;
}

/**
 * Checkpoints of a text that came from an anchor: one note as it is, or a JSON object with `note` per
 * line. A line that is neither stays an anchor that cannot be read, so that it is reported.
 */
export function parseAnchors(source: string, text: string): Anchor[] {
  if (!text.trimStart().startsWith('{')) {
    return [{ source, note: text }];
  }
  return text
    .split('\n')
    .map((line, index) => ({ line, source: `${source}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, source: place }) => {
      try {
        const { note } = JSON.parse(line);
        return { source: place, note: typeof note === 'string' ? note : '' };
      } catch {
        return { source: place, note: '' };
      }
    });
}
