/** Widest one-line map, in characters without indentation. */
const FLOW_WIDTH = 60;

/**
 * JSON as YAML 1.2, laid out for diffs: one scalar per line, but small maps inside list items on one
 * line (`destination: { host: reviews, subset: v1 }`), so that a changed weight stands beside what
 * it is the weight of. Keys keep their order.
 */
export function formatYaml(value: unknown): string[] {
  return formatBlock(value, false);
}

function formatBlock(value: unknown, insideList: boolean): string[] {
  if (Array.isArray(value)) {
    return value.length === 0
      ? ['[]']
      : value.flatMap(item =>
          formatBlock(item, true).map((line, index) =>
            index === 0 ? `- ${line}` : `  ${line}`,
          ),
        );
  }
  if (!isMap(value)) {
    return [formatScalar(value)];
  }
  const entries = definedEntries(value);
  return entries.length === 0
    ? ['{}']
    : entries.flatMap(([key, item]) => formatEntry(key, item, insideList));
}

function formatEntry(
  key: string,
  value: unknown,
  insideList: boolean,
): string[] {
  const name = formatScalar(key);
  const flow = insideList ? formatFlow(value) : undefined;
  if (flow !== undefined) {
    return [`${name}: ${flow}`];
  }
  const lines = formatBlock(value, insideList);
  const fitsBehindKey =
    !Array.isArray(value) && !isMap(value) ? true : isEmpty(value);
  if (fitsBehindKey) {
    return [`${name}: ${lines[0]}`];
  }
  return [`${name}:`, ...lines.map(line => `  ${line}`)];
}

/** A map of scalars, or of one such map, that fits on a line. */
function formatFlow(value: unknown): string | undefined {
  if (!isMap(value) || isEmpty(value)) {
    return undefined;
  }
  const parts: string[] = [];
  for (const [key, item] of definedEntries(value)) {
    const text =
      Array.isArray(item) || isMap(item)
        ? formatFlow(item)
        : formatScalar(item);
    if (text === undefined) {
      return undefined;
    }
    parts.push(`${formatScalar(key)}: ${text}`);
  }
  const line = `{ ${parts.join(', ')} }`;
  return line.length <= FLOW_WIDTH ? line : undefined;
}

function formatScalar(value: unknown): string {
  if (typeof value !== 'string') {
    return value === undefined ? 'null' : JSON.stringify(value);
  }
  return isPlain(value) ? value : quote(value);
}

const AMBIGUOUS = /^(~|null|true|false|yes|no|on|off|y|n)$/i;
const DURATION = /^\d+(\.\d+)?(ms|s|m|h)$/;
const PLAIN = /^[A-Za-z_/][\w./@+-]*(:[\w./@+-]+|( [\w./@+-]+))*$/;

/** Whether every YAML reader takes the bare text for this very string. */
function isPlain(text: string): boolean {
  return DURATION.test(text) || (PLAIN.test(text) && !AMBIGUOUS.test(text));
}

/** JSON strings are YAML double-quoted scalars, but for characters that YAML holds unprintable. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isMap(value) && definedEntries(value).length === 0;
}

function definedEntries(map: Record<string, unknown>): [string, unknown][] {
  return Object.entries(map).filter(([, value]) => value !== undefined);
}
