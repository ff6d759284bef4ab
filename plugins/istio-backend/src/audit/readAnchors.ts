import {
  Anchor,
  AnchorComparison,
  LogReport,
  parseAnchors,
  parseCheckpoint,
  parseNote,
} from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';

/** What could be had of one anchor. */
export interface AnchorReading {
  name: string;
  /** Undefined where it cannot be read, or could not now. */
  kept?: Anchor[];
  /** Why not now. */
  failure?: string;
}

/** Reads back what the anchors keep; an anchor that fails is told, and stops nothing. */
export function readAnchors(
  anchors: readonly AuditAnchor[],
): Promise<AnchorReading[]> {
  return Promise.all(
    anchors.map(async (anchor): Promise<AnchorReading> => {
      const { name } = anchor;
      if (!anchor.read) return { name };
      try {
        const text = await anchor.read();
        return { name, kept: text.trim() ? parseAnchors(name, text) : [] };
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        return { name, failure };
      }
    }),
  );
}

/** What each anchor came to in the verification that it was given to. */
export function compareAnchors(
  readings: readonly AnchorReading[],
  report: LogReport,
): AnchorComparison[] {
  const blamed = new Set(report.problems.map(({ place }) => place));
  const isCut = report.problemCount > report.problems.length;
  return readings.map(({ name, kept, failure }) => {
    const none = { name, compared: 0, coveredTo: 0 };
    if (failure !== undefined) {
      return { ...none, state: 'failed', message: failure };
    }
    if (!kept) return { ...none, state: 'notReadable' };
    if (kept.length === 0) return { ...none, state: 'empty' };
    const agreeing = kept.filter(
      ({ source }) => !blamed.has(`anchor ${source}`),
    );
    const isAtOdds = agreeing.length < kept.length;
    if (!isAtOdds && isCut) {
      return {
        ...none,
        state: 'contradicts',
        compared: kept.length,
        message:
          'The log has too many problems to tell which are of this anchor',
      };
    }
    return {
      name,
      state: isAtOdds ? 'contradicts' : 'agrees',
      compared: kept.length,
      coveredTo: Math.max(0, ...agreeing.map(sizeOf)),
    };
  });
}

function sizeOf({ note }: Anchor): number {
  return parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0;
}
