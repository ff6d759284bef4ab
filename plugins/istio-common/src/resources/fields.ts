/**
 * Reads fields out of objects whose shape nobody vouches for: a malformed field is absent, never a
 * crash, since one broken object must not take a page down.
 */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = Object.freeze({});
const NO_FIELDS: readonly Fields[] = Object.freeze([]);

/** The value as an object; an empty one when it is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NOTHING;
}

/** Whether the value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a list of objects. */
export function fieldsListOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) {
    return NO_FIELDS;
  }
  const items = value as readonly unknown[];
  return items.every(isFields) ? items : items.map(fieldsOf);
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; other items are left out. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? (value as readonly unknown[]).filter(
        (item): item is string => typeof item === 'string' && item !== '',
      )
    : [];
}

/** A number, also when it is written as text, as ports and weights sometimes are. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : undefined;
  }
  if (typeof value === 'string' && /^\d+$/.test(value)) {
    return Number(value);
  }
  return undefined;
}

/** A map of texts, as labels and selectors are; other values are left out. */
export function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  const fields = fieldsOf(value);
  for (const key of Object.keys(fields)) {
    const item = fields[key];
    if (typeof item === 'string') {
      labels[key] = item;
    }
  }
  return labels;
}

/** Epoch milliseconds of an RFC 3339 time; undefined when absent or malformed. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** An entry of a table by a name that somebody wrote: `constructor` is none of them. */
export function entryOf<T>(
  table: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
