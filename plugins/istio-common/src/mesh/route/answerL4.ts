import { DecidedBy } from '../../resources/types';
import { decidedByOrigin, decidedBySubset, emptyAnswer } from './answers';
import { ProxyView } from './proxyView';
import { L4Rule } from './routeTable';
import { scopeService } from './scopeServices';
import { clusterOf, describeTarget, sharesOf } from './targets';
import { RouteAnswer } from './types';

/** Where a TCP or TLS rule sends its connections. */
export function answerL4(
  view: ProxyView,
  rule: L4Rule,
  port: number,
): RouteAnswer {
  const { snapshot } = view;
  const base: Partial<RouteAnswer> = {
    matched: true,
    rule: { object: snapshot.refOf(rule.object), path: rule.path },
  };
  const decidedBy: DecidedBy[] = [decidedByOrigin(snapshot, rule)];
  const destinations = sharesOf(rule.destinations).map(({ entry, percent }) => {
    const cluster = clusterOf(entry, scopeService(view, entry.host), port);
    const { target, rule: defined } = describeTarget(view, cluster, percent);
    decidedBy.push(...decidedBySubset(snapshot, target, defined));
    return target;
  });
  return destinations.length > 0
    ? emptyAnswer('routed', { ...base, destinations, decidedBy })
    : emptyAnswer('refused', {
        ...base,
        decidedBy,
        reason: 'The rule has no destination with a weight.',
      });
}
