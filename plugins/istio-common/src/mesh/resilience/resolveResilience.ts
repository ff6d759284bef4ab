import { EntityMatch } from '../../entity/types';
import { Labels } from '../../resources/selector';
import { isDecidable, isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { ConsolidatedRule } from '../route/destinationRules';
import { isHttpOn, MeshPortView } from '../route/meshDomains';
import { findMeshVirtualHost } from '../route/meshVirtualHost';
import {
  egressListenerFor,
  importedServices,
  proxyView,
  ProxyView,
} from '../route/proxyView';
import { resolveRoute } from '../route/resolveRoute';
import { HttpRule } from '../route/routeTable';
import { scopeService } from '../route/scopeServices';
import { MeshService, portOf } from '../route/serviceModel';
import { ClusterName, clusterOf, describeTarget } from '../route/targets';
import { findOtherCallers } from './findOtherCallers';
import {
  readConnectionPool,
  readConnectTimeout,
  readRetryBudget,
} from './readPoolSettings';
import { readLoadBalancer } from './readLoadBalancer';
import { readLocality } from './readLocality';
import { readOutlierDetection } from './readOutlierDetection';
import { readRateLimits } from './readRateLimits';
import { readFaults, readRouteSettings } from './readRouteSettings';
import { PolicyPlace } from './decidePolicyField';
import {
  DestinationResilience,
  ResilienceAnswer,
  ResilienceSetting,
  RouteResilience,
} from './types';

/** Whose proxy sends: its namespace and labels choose the rules. */
export interface ResilienceClient {
  namespace: string;
  name?: string;
  labels?: Labels;
}

/**
 * Timeouts, retries, limits and load balancing in force for calls to a component, and the rate limits of
 * its own pods. Values are those of a caller's sidecar; without a client that of one in the namespace of
 * the component's first Service. A destination that the caller's proxy does not have, such as a subset that
 * nobody defines, has no settings: it is a caveat.
 */
export function resolveResilience(options: {
  snapshot: MeshSnapshot;
  match: EntityMatch;
  client?: ResilienceClient;
}): ResilienceAnswer {
  const { snapshot, match } = options;
  const services = match.services.filter(
    ({ cluster }) => cluster === snapshot.cluster,
  );
  const client = options.client ?? {
    namespace: services[0]?.namespace ?? match.workloads[0]?.namespace ?? '',
  };
  const { namespace, name, labels = {} } = client;
  const view = proxyView(snapshot, { kind: 'sidecar', namespace, labels });
  const answer: ResilienceAnswer = {
    cluster: snapshot.cluster,
    client: name === undefined ? { namespace } : { namespace, name },
    routes: [],
    destinations: [],
    rateLimits: match.workloads
      .filter(({ cluster }) => cluster === snapshot.cluster)
      .flatMap(workload => readRateLimits(snapshot, workload)),
    rateLimitsKnown: isDecidable(snapshot, 'EnvoyFilter'),
    otherCallers: [],
    caveats: unread(snapshot),
  };
  const clusters = new Map<string, ClusterName>();
  for (const { host } of services) {
    const found = resolveService(view, host);
    answer.routes.push(...found.routes);
    answer.caveats.push(...found.caveats);
    for (const cluster of found.clusters) {
      clusters.set(JSON.stringify(cluster), cluster);
    }
  }
  for (const cluster of clusters.values()) {
    const { target, rule } = describeTarget(view, cluster, 100);
    if (target.problem && target.problem.code !== 'noEndpoints') {
      answer.caveats.push(target.problem.text);
    } else {
      answer.destinations.push(describeDestination(view, cluster, rule));
    }
  }
  answer.otherCallers = findOtherCallers(
    view,
    new Set([...clusters.values()].map(({ host }) => host)),
  );
  return answer;
}

function unread(snapshot: MeshSnapshot): string[] {
  return (['VirtualService', 'DestinationRule', 'EnvoyFilter'] as const)
    .filter(kind => !isDecidable(snapshot, kind))
    .map(
      kind =>
        `${kind} objects could not be read: what they set is not in this answer.`,
    );
}

interface ServiceRoutes {
  routes: RouteResilience[];
  clusters: ClusterName[];
  caveats: string[];
}

/** Routes of all ports of a Service, and the clusters they lead to. */
function resolveService(view: ProxyView, host: string): ServiceRoutes {
  const result: ServiceRoutes = { routes: [], clusters: [], caveats: [] };
  const service = scopeService(view, host);
  if (!service) {
    result.caveats.push(
      `Proxies in namespace ${view.namespace} do not know ${host}: a Sidecar or its exportTo keeps it from them.`,
    );
    return result;
  }
  for (const { number, protocol } of service.ports) {
    if (protocol === 'udp') {
      continue;
    }
    const listener = egressListenerFor(view, number);
    const part =
      listener && isHttpOn(service, number)
        ? resolveHttpPort({ view, listener, port: number }, service)
        : resolveTcpPort(view, host, number);
    result.routes.push(...part.routes);
    result.clusters.push(...part.clusters);
  }
  return result;
}

function resolveHttpPort(
  place: MeshPortView,
  service: MeshService,
): Pick<ServiceRoutes, 'routes' | 'clusters'> {
  const { view, port } = place;
  const { host } = service;
  const found = findMeshVirtualHost(place, host);
  const rules = new Set((found?.routes ?? []).map(({ rule }) => rule));
  if (rules.size === 0) {
    return {
      routes: [describeRoute(view, { host, port })],
      clusters: [{ host, port }],
    };
  }
  return {
    routes: [...rules].map(rule => describeRoute(view, { host, port, rule })),
    clusters: [...rules].flatMap(rule =>
      rule.destinations.map(destination =>
        clusterOf(destination, servicePort(place, destination.host), port),
      ),
    ),
  };
}

/** The service as the routes of the port see it. */
function servicePort(
  { view, listener, port }: MeshPortView,
  host: string,
): MeshService | undefined {
  const service = importedServices(view, listener, host).find(candidate =>
    portOf(candidate, port),
  );
  return (
    service && {
      ...service,
      ports: service.ports.filter(({ number }) => number === port),
    }
  );
}

/** Connections have neither timeout nor retries of a route. */
function resolveTcpPort(
  { snapshot, namespace, labels }: ProxyView,
  host: string,
  port: number,
): Pick<ServiceRoutes, 'routes' | 'clusters'> {
  const { destinations } = resolveRoute({
    snapshot,
    request: { from: { kind: 'workload', namespace, labels }, host, port },
  });
  return {
    routes: [],
    clusters: destinations.map(target =>
      target.subset === undefined
        ? { host: target.host, port: target.port }
        : { host: target.host, subset: target.subset, port: target.port },
    ),
  };
}

function describeRoute(
  view: ProxyView,
  { host, port, rule }: { host: string; port: number; rule?: HttpRule },
): RouteResilience {
  return {
    host,
    port,
    ...(rule
      ? { object: view.snapshot.refOf(rule.object), fieldPath: rule.path }
      : {}),
    // Istio gives rules of Gateway API names that nobody wrote.
    ...(rule?.name === undefined || rule.object.kind !== 'VirtualService'
      ? {}
      : { name: rule.name }),
    settings: readRouteSettings(view, rule),
    faults: readFaults(view, rule),
  };
}

function describeDestination(
  view: ProxyView,
  cluster: ClusterName,
  rule: ConsolidatedRule | undefined,
): DestinationResilience {
  const { snapshot } = view;
  const service = scopeService(view, cluster.host);
  const subset = rule?.subsets.find(({ name }) => name === cluster.subset);
  const place: PolicyPlace = {
    snapshot,
    port: cluster.port,
    ...(rule ? { rule } : {}),
    ...(subset ? { subset } : {}),
  };
  const settings = [
    readConnectionPool(place, service),
    readOutlierDetection(place),
    readConnectTimeout(place),
    readLoadBalancer(place, service),
    readLocality(place, service),
    readRetryBudget(place),
  ].filter((setting): setting is ResilienceSetting => setting !== undefined);
  return {
    ...cluster,
    settings: isKnown(snapshot, 'DestinationRule')
      ? settings
      : settings.map(asUnknown),
  };
}

/** Without the rules nothing of a destination is known, not even that it is the default. */
function asUnknown({ setting }: ResilienceSetting): ResilienceSetting {
  return {
    setting,
    state: 'unknown',
    text: 'Unknown',
    decidedBy: {
      by: 'nothing',
      note: 'DestinationRules could not be read',
    },
    overruled: [],
  };
}
