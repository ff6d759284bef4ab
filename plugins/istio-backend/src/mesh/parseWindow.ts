/** Seconds of a window such as `5m` or `1h`, as `windowQuerySchema` lets through. */
export function parseWindow(window: string): number {
  const amount = Number(window.slice(0, -1));
  return window.endsWith('h') ? amount * 3600 : amount * 60;
}
