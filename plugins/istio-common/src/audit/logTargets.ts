/** Entries `first` to `last` of the log, of some kinds or of all. */
export interface LogRange {
  first: number;
  last: number;
  kinds?: readonly string[];
}

/** Target of entries about the log as a whole. */
export const WHOLE_LOG = 'audit:log';

/**
 * Target of an entry about other entries, `audit:17` or `audit:1-5000?kinds=auditRead,observed`. It
 * stands in the header, so that what was taken away stays explained when payloads go.
 */
export function formatLogRange({ first, last, kinds }: LogRange): string {
  const range = first === last ? `${first}` : `${first}-${last}`;
  return `audit:${range}${kinds ? `?kinds=${kinds.join(',')}` : ''}`;
}

export function parseLogRange(target: string): LogRange | undefined {
  const match =
    /^audit:([1-9]\d{0,14})(?:-([1-9]\d{0,14}))?(?:\?kinds=([A-Za-z,]+))?$/.exec(
      target,
    );
  if (!match) return undefined;
  const [, first, last = first, kinds] = match;
  return {
    first: Number(first),
    last: Number(last),
    ...(kinds === undefined ? {} : { kinds: kinds.split(',') }),
  };
}
