import { covers, RouteMatch, Term } from './routeMatch';

/**
 * The matches of a delegate's rule under those of its root: each pair put together. A pair that
 * contradicts itself falls out; without any pair left the rule is dropped (undefined).
 *
 * Source: istio/istio pilot/pkg/model virtualservice.go mergeHTTPMatchRequests.
 */
export function mergeDelegateMatches(
  root: readonly RouteMatch[],
  inner: readonly RouteMatch[],
): RouteMatch[] | undefined {
  if (root.length === 0 || inner.length === 0) {
    return [...(root.length === 0 ? inner : root)];
  }
  const merged = root.flatMap(outer =>
    inner.flatMap(match => mergeMatch(outer, match) ?? []),
  );
  return merged.length > 0 ? merged : undefined;
}

function mergeMatch(
  root: RouteMatch,
  inner: RouteMatch,
): RouteMatch | undefined {
  const terms = [...inner.terms];
  for (const term of root.terms) {
    const same = inner.terms.find(
      other => other.subject === term.subject && other.name === term.name,
    );
    if (!same) {
      terms.push(term);
    } else if (!narrows(same, term)) {
      return undefined;
    }
  }
  if (
    root.port !== undefined &&
    inner.port !== undefined &&
    root.port !== inner.port
  ) {
    return undefined;
  }
  return {
    ...root,
    ...inner,
    ...(root.sourceLabels || inner.sourceLabels
      ? { sourceLabels: { ...root.sourceLabels, ...inner.sourceLabels } }
      : {}),
    terms,
  };
}

/** The delegate may say the same thing more narrowly: an exact path under the root's prefix. */
function narrows(inner: Term, root: Term): boolean {
  return covers({ terms: [root] }, { terms: [inner] }, []);
}
