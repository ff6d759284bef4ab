import { type Field, quote } from '../Field';

const DURATION = /^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const NANOSECONDS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of a Go duration (`1h30m`, `2.5s`), undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  if (!DURATION.test(text)) {
    return undefined;
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    total += Number(amount) * NANOSECONDS[unit];
  }
  return text.startsWith('-') ? -total : Math.round(total);
}

/** A duration of any length, in nanoseconds; undefined where it is none or not written. */
export function checkDurationText(field: Field): number | undefined {
  if (!field.isSet) {
    return undefined;
  }
  const text = field.text();
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) {
    field.error(`must be a duration like 5s or 1h30m, it is ${quote(text)}`);
  }
  return nanoseconds;
}

/** At least 1 ms, whole milliseconds. Source: agent.ValidateDuration. Unset is fine. */
export function checkDuration(
  field: Field,
  options: { zeroDisables?: boolean } = {},
): void {
  if (!field.isSet) {
    return;
  }
  const text = field.text();
  const nanoseconds = checkDurationText(field);
  if (nanoseconds === undefined) {
    return;
  }
  if (options.zeroDisables && Math.trunc(nanoseconds / 1e6) === 0) {
    return;
  } else if (nanoseconds < 1e6) {
    field.error(`must be at least 1ms, it is ${quote(text)}`);
  } else if (nanoseconds % 1e6 !== 0) {
    field.error(`must be whole milliseconds, it is ${quote(text)}`);
  }
}
