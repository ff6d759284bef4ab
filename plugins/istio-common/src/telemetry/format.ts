/**
 * Numbers as people read them here: a space before the unit, commas between thousands, one decimal for
 * shares and rates.
 */

/**
 * `0.032` is `3.2 %`. Only exactly nothing is `0.0 %` and only exactly all is `100 %`: one failed request
 * of a million is not none.
 *
 * @param share - 0..1
 */
export function formatShare(share: number): string {
  if (share === 1) {
    return '100 %';
  }
  const percent = (share * 100).toFixed(1);
  if (share > 0 && percent === '0.0') {
    return '< 0.1 %';
  }
  if (share < 1 && percent === '100.0') {
    return '> 99.9 %';
  }
  return `${percent} %`;
}

/**
 * A share that somebody wrote, a weight or a threshold: `0.9` is `90 %`, `0.125` is `12.5 %`.
 *
 * @param share - 0..1
 */
export function formatWrittenShare(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** Difference of two shares in points without sign: `0.006` is `0.6 points`. */
export function formatPoints(difference: number): string {
  return `${(Math.abs(difference) * 100).toFixed(1)} points`;
}

/** `1280` is `1,280`; counts of a window may be fractional and are rounded. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Per second: `6.83` is `6.8`, `1234.5` is `1,234.5`; what is seldom is `<0.1`, as `0.0` would say never. */
export function formatRate(rate: number): string {
  if (rate > 0 && rate < 0.05) {
    return '<0.1';
  }
  const [whole, decimal] = rate.toFixed(1).split('.');
  return `${formatCount(Number(whole))}.${decimal}`;
}

/** `300` is `5 min`, `45` is `45 s`, `5400` is `1 h 30 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    hours === 0 && rest > 0 ? `${rest} s` : '',
  ];
  return parts.filter(part => part !== '').join(' ');
}

/** A latency: `38` is `38 ms`, `2040` is `2.04 s`. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${Number((milliseconds / 1000).toFixed(2))} s`;
}

/** `1 request`, `2 requests`; the count is rounded and formatted. */
export function formatQuantity(
  count: number,
  singular: string,
  plural = `${singular}s`,
): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? singular : plural}`;
}

/** `v1`, `v1 and v2`, `v1, v2 and v3`. */
export function formatList(items: readonly string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** `14:21 UTC` of an epoch time in milliseconds. */
export function formatTime(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds).toISOString().slice(11, 16)} UTC`;
}

const UNITS: Readonly<Record<string, string>> = { m: 'min' };

/** A duration as Istio writes it: `1m30s` is `1 min 30 s`; what is no duration stays as written. */
export function formatWrittenDuration(written: string): string {
  return /^(\d+(\.\d+)?(h|m|s|ms))+$/.test(written)
    ? written
        .replace(
          /([\d.]+)(ms|h|m|s)/g,
          (_, count: string, unit: string) =>
            `${count} ${UNITS[unit] ?? unit} `,
        )
        .trim()
    : written;
}
