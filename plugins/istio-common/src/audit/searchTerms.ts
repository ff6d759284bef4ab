import { AUDIT_RESULTS } from './entryKinds';

/** What an entry is found by beside its header. */
export interface SearchTerms {
  /** Unique, sorted. */
  refs: { kind: SearchRefKind; value: string }[];
  /** Words of titles, reasons and messages, each once, joined by blanks. */
  words: string;
}

export type SearchRefKind = 'cluster' | 'object' | 'result' | 'ticket';

/** Whole objects and diffs are no prose, and objects named inside them are not what the entry is about. */
const OPAQUE = new Set(['before', 'after', 'body', 'patch', 'diff', 'result']);
const PROSE = new Set([
  'title',
  'reason',
  'ticket',
  'message',
  'error',
  'text',
]);
const RESULTS = new Set<string>(AUDIT_RESULTS);
const WORDS_AT_MOST = 200;
const MAX_DEPTH = 8;
/** Printable, or a blank of any kind. */
const ASCII = /^[ -~\t\r\n]*$/;

/** Lower case, letters and digits; the same for entries and for what is looked for. */
export function splitWords(text: string): string[] {
  const lower = text.toLowerCase();
  // Most text is ASCII, for which both say the same, the first one several times as fast.
  const words = ASCII.test(lower)
    ? lower.match(/[a-z0-9]+/g)
    : lower.normalize('NFC').match(/[\p{L}\p{N}]+/gu);
  return words?.map(word => word.slice(0, 64)) ?? [];
}

/** `VirtualService catalog/reviews`: how objects are named in the search. */
export function searchObject(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  const { kind, namespace, name } = object;
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`.slice(0, 512);
}

/** Terms of an entry, from its kind and the stored text of its payload. */
export function resolveSearchTerms(kind: string, json: string): SearchTerms {
  const refs = new Map<string, SearchTerms['refs'][number]>();
  const words = new Set<string>();
  const addRef = (ref: SearchTerms['refs'][number]) =>
    refs.set(`${ref.kind} ${ref.value}`, ref);
  if (RESULTS.has(kind)) addRef({ kind: 'result', value: kind });
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
      return;
    }
    const fields = value as Record<string, unknown>;
    for (const ref of refsOf(fields)) addRef(ref);
    for (const [key, inner] of Object.entries(fields)) {
      if (typeof inner !== 'string') {
        if (!OPAQUE.has(key)) visit(inner, depth + 1);
      } else if (PROSE.has(key) || (key === 'name' && 'kind' in fields)) {
        splitWords(inner).forEach(word => words.add(word));
      }
    }
  };
  visit(JSON.parse(json), 0);
  return {
    refs: [...refs.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, ref]) => ref),
    words: [...words].slice(0, WORDS_AT_MOST).join(' '),
  };
}

function refsOf(fields: Record<string, unknown>): SearchTerms['refs'] {
  const { cluster, kind, namespace, name, ticket, outcome } = fields;
  const refs: SearchTerms['refs'] = [];
  const add = (refKind: SearchRefKind, value: unknown) => {
    if (typeof value === 'string' && value !== '') {
      refs.push({
        kind: refKind,
        // Postgres keeps no NUL in text.
        value: value.replaceAll('\u0000', ' ').slice(0, 512),
      });
    }
  };
  add('cluster', cluster);
  add('ticket', ticket);
  if (typeof outcome === 'string' && RESULTS.has(outcome)) {
    add('result', outcome);
  }
  if (
    typeof kind === 'string' &&
    typeof name === 'string' &&
    'cluster' in fields
  ) {
    add(
      'object',
      searchObject({
        kind,
        name,
        namespace: typeof namespace === 'string' ? namespace : undefined,
      }),
    );
  }
  return refs;
}
