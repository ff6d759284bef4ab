const SECONDS: Record<string, number> = { m: 60, h: 3600, d: 86_400 };

/** Seconds of a window such as `5m`, `1h` or `1d`, as the contract's schemas let through. */
export function parseWindow(window: string): number {
  return Number(window.slice(0, -1)) * SECONDS[window.slice(-1)];
}
