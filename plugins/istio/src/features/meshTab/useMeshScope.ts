import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { DEFAULT_WINDOW, parseWindow } from './meshWindows';

/** Window and clusters a view is about; they live in the URL. */
export interface SelectedScope {
  window: string;
  /** Empty: all. */
  clusters: readonly string[];
  setWindow(window: string): void;
  setClusters(clusters: readonly string[]): void;
  /** The part of the URL that keeps this selection, `?window=1h` or empty. */
  search: string;
}

/** Reads and writes the scope in the URL's `window` and `clusters`. */
export function useMeshScope(): SelectedScope {
  const [params, setParams] = useSearchParams();
  const window = parseWindow(params.get('window'));
  const clusterText = params.get('clusters') ?? '';
  const clusters = useMemo(
    () => clusterText.split(',').filter(Boolean),
    [clusterText],
  );
  const set = useCallback(
    (name: string, value: string) =>
      setParams(
        old => {
          const next = new URLSearchParams(old);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    window,
    clusters,
    setWindow: value => set('window', value === DEFAULT_WINDOW ? '' : value),
    setClusters: value => set('clusters', value.join(',')),
    search: buildScopeSearch(window, clusters),
  };
}

function buildScopeSearch(window: string, clusters: readonly string[]): string {
  const params = new URLSearchParams();
  if (window !== DEFAULT_WINDOW) params.set('window', window);
  if (clusters.length > 0) params.set('clusters', clusters.join(','));
  const text = params.toString();
  return text ? `?${text}` : '';
}
