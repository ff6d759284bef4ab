/** Windows a person can choose; the backend takes others as well. */
export const MESH_WINDOWS = [
  { id: '5m', label: 'Last 5 min' },
  { id: '15m', label: 'Last 15 min' },
  { id: '30m', label: 'Last 30 min' },
  { id: '1h', label: 'Last 1 h' },
  { id: '6h', label: 'Last 6 h' },
] as const;

export const DEFAULT_WINDOW = '5m';

/** A window from a URL; one the backend would refuse gives the default. */
export function parseWindow(text: string | null): string {
  return text && /^([1-9]\d{0,2}m|[1-6]h)$/.test(text) ? text : DEFAULT_WINDOW;
}

/** Seconds of a window such as `5m` or `1h`. */
export function windowSeconds(window: string): number {
  const amount = Number.parseInt(window, 10);
  return window.endsWith('h') ? amount * 3600 : amount * 60;
}

/** Sparklines reach back half an hour at least, so that a window of 5 min shows what came before it. */
export function sparklineWindow(window: string): string {
  return windowSeconds(window) < 1800 ? '30m' : window;
}
