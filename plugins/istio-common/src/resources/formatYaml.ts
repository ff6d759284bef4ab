/** Widest one-line map, in characters without indentation. */
const FLOW_WIDTH = 60;

/** A line of YAML and the field it begins: keys and list indexes from the top. */
export interface YamlLine {
  text: string;
  path: readonly (string | number)[];
}

interface Layout {
  /** Small maps inside list items stand on one line. */
  compact: boolean;
  insideList: boolean;
}

/**
 * JSON as YAML 1.2, laid out for diffs: one scalar per line, but small maps inside list items on one
 * line (`destination: { host: reviews, subset: v1 }`), so that a changed weight stands beside what
 * it is the weight of. Keys keep their order.
 */
export function formatYaml(value: unknown): string[] {
  return formatBlock(value, [], { compact: true, insideList: false }).map(
    ({ text }) => text,
  );
}

/** JSON as YAML 1.2 with every field on a line of its own, as `kubectl get -o yaml` prints it. */
export function formatYamlLines(value: unknown): YamlLine[] {
  return formatBlock(value, [], { compact: false, insideList: false });
}

function formatBlock(
  value: unknown,
  path: YamlLine['path'],
  layout: Layout,
): YamlLine[] {
  if (Array.isArray(value)) {
    return value.length === 0
      ? [{ text: '[]', path }]
      : value.flatMap((item, place) =>
          formatBlock(item, [...path, place], {
            ...layout,
            insideList: true,
          }).map((line, index) => ({
            ...line,
            text: index === 0 ? `- ${line.text}` : `  ${line.text}`,
          })),
        );
  }
  if (!isMap(value)) {
    return [{ text: formatScalar(value), path }];
  }
  const entries = definedEntries(value);
  return entries.length === 0
    ? [{ text: '{}', path }]
    : entries.flatMap(([key, item]) =>
        formatEntry(key, item, { path: [...path, key], layout }),
      );
}

function formatEntry(
  key: string,
  value: unknown,
  { path, layout }: { path: YamlLine['path']; layout: Layout },
): YamlLine[] {
  const name = formatScalar(key);
  const flow =
    layout.compact && layout.insideList ? formatFlow(value) : undefined;
  if (flow !== undefined) {
    return [{ text: `${name}: ${flow}`, path }];
  }
  const lines = formatBlock(value, path, layout);
  const fitsBehindKey =
    !Array.isArray(value) && !isMap(value) ? true : isEmpty(value);
  if (fitsBehindKey) {
    return [{ text: `${name}: ${lines[0].text}`, path }];
  }
  return [
    { text: `${name}:`, path },
    ...lines.map(line => ({ ...line, text: `  ${line.text}` })),
  ];
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
