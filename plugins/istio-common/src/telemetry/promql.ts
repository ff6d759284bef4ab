/** A matcher of a PromQL selector; values are data and are escaped here, nowhere else. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** A PromQL string literal in double quotes. Source: prometheus.io, querying basics, string literals. */
export function quotePromString(value: string): string {
  return `"${value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')}"`;
}

/** A pattern that matches the text itself and nothing else, in RE2's syntax. */
export function escapePromRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `istio_requests_total{reporter="destination",destination_workload="reviews-v1"}` */
export function buildSelector(
  metric: string,
  matchers: readonly Matcher[],
): string {
  const inner = matchers
    .map(({ label, op, value }) => `${label}${op}${quotePromString(value)}`)
    .join(',');
  return inner ? `${metric}{${inner}}` : metric;
}

/** Whole seconds as a PromQL range; less than one second is one. */
export function promRange(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))}s`;
}

/** A matcher for one of several exact values: `=` for one, an escaped `=~` for more. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  return values.length === 1
    ? { label, op: '=', value: values[0] }
    : { label, op: '=~', value: values.map(escapePromRegex).join('|') };
}
