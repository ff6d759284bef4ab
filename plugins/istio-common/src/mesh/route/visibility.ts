/** Who sees an object: everyone, nobody, or the namespaces named. */
export type Visibility = 'public' | 'none' | ReadonlySet<string>;

/**
 * `exportTo` with its defaults: `*` beats everything, `~` hides the object, `.` is its own namespace.
 *
 * Source: istio/istio pilot/pkg/model PushContext.initServiceRegistry, initVirtualServices (1.31).
 */
export function readVisibility(options: {
  exportTo: readonly string[];
  /** Of meshConfig, for an object that says nothing. */
  fallback: readonly string[];
  namespace: string;
}): Visibility {
  const { exportTo, fallback, namespace } = options;
  const entries = exportTo.length > 0 ? exportTo : fallback;
  if (entries.includes('*')) {
    return 'public';
  }
  if (entries.includes('~')) {
    return 'none';
  }
  return new Set(entries.map(entry => (entry === '.' ? namespace : entry)));
}

/**
 * Place of an object in what a namespace sees, lower is earlier: 0 private to it, 1 exported to it by
 * name, 2 public; undefined: not seen.
 */
export function visibilityRank(
  visibility: Visibility,
  options: { from: string; to: string },
): number | undefined {
  if (visibility === 'public') {
    return 2;
  }
  if (visibility === 'none' || !visibility.has(options.to)) {
    return undefined;
  }
  return options.from === options.to ? 0 : 1;
}
