import { resolveSearchTerms } from './searchTerms';
import type { LogEntry } from './types';

/** What an operation is about, as its first entry says. */
export interface OperationHeading {
  /** Entity ref of who asked for it. */
  by: string;
  title?: string;
  reason?: string;
  ticket?: string;
  clusters: string[];
  /** `VirtualService catalog/reviews`. */
  objects: string[];
}

/** Reads the heading out of an operation's first entry; undefined when its details are gone. */
export function resolveHeading(entry: LogEntry): OperationHeading | undefined {
  if (!entry.payload) return undefined;
  const { json } = entry.payload;
  const { data = {} } = JSON.parse(json) as { data?: Record<string, unknown> };
  const { refs } = resolveSearchTerms(entry.kind, json);
  const valuesOf = (kind: string) =>
    refs.filter(ref => ref.kind === kind).map(({ value }) => value);
  const text = (name: string) => {
    const value = data[name];
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  return {
    by: entry.actor,
    ...text('title'),
    ...text('reason'),
    ...text('ticket'),
    clusters: valuesOf('cluster'),
    objects: valuesOf('object'),
  };
}
