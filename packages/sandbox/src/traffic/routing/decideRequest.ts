import type { WorldView } from '../world/WorldView';
import {
  decideHttp,
  decideServiceRoutes,
  decideTcp,
  findServiceRoutes,
  findVirtualService,
  hostRank,
  qualify,
  RouteDecision,
} from './findRoute';
import type { HostMeaning } from './endpoints';
import type { Destination, VirtualServiceSpec } from './istioTypes';
import { labelsContain, type RoutedRequest } from './matchRequest';

const NOT_FOUND: RouteDecision = {
  destinations: [],
  mirrors: [],
  local: { code: '404', flags: 'NR' },
};

/** Straight to the host that was called. */
function direct(request: RoutedRequest): RouteDecision {
  return {
    destinations: [{ destination: { host: request.host }, share: 1 }],
    mirrors: [],
  };
}

/** Short destination hosts are names in the rule's own namespace. */
function qualified(
  decision: RouteDecision | undefined,
  namespace: string,
  domain: string,
): RouteDecision | undefined {
  const complete = <T extends { destination: Destination }>(entry: T): T => ({
    ...entry,
    destination: {
      ...entry.destination,
      host: qualify(entry.destination.host, namespace, domain),
    },
  });
  return (
    decision && {
      ...decision,
      destinations: decision.destinations.map(complete),
      mirrors: decision.mirrors.map(complete),
    }
  );
}

/** Route of one request through a sidecar, a waypoint or a gateway, by the objects in force. */
export function decideRequest(options: {
  world: WorldView;
  request: RoutedRequest;
  meaning: HostMeaning;
  tcp: boolean;
  domain: string;
}): RouteDecision {
  const { world, request, meaning, domain } = options;
  const routes =
    meaning.kind === 'service' && !options.tcp
      ? findServiceRoutes(world, meaning.name, request)
      : { consumer: [], producer: [] };
  if (routes.consumer.length > 0) {
    return decideServiceRoutes(routes.consumer, request, domain) ?? NOT_FOUND;
  }
  const virtualService = findVirtualService(world, request, domain);
  if (virtualService) {
    const spec = virtualService.spec as VirtualServiceSpec;
    const namespace = virtualService.metadata.namespace ?? '';
    const complete = (decision: RouteDecision | undefined) =>
      qualified(decision, namespace, domain);
    if (options.tcp) {
      return complete(decideTcp(spec, request)) ?? direct(request);
    }
    if (!spec.http?.length) return direct(request);
    return complete(decideHttp(spec, request)) ?? NOT_FOUND;
  }
  if (routes.producer.length > 0) {
    return decideServiceRoutes(routes.producer, request, domain) ?? NOT_FOUND;
  }
  return direct(request);
}

interface GatewaySpec {
  selector?: Record<string, string>;
  servers?: { hosts?: string[]; port?: { number?: number } }[];
}

/** Route of a request that arrives at an ingress gateway from outside: only by a VirtualService bound to one of its Gateways. */
export function decideAtGateway(
  world: WorldView,
  request: RoutedRequest,
  domain: string,
): RouteDecision {
  const bound = world.list('Gateway').filter(object => {
    const spec = object.spec as GatewaySpec;
    return (
      labelsContain(request.clientLabels, spec.selector) &&
      (spec.servers ?? []).some(server =>
        (server.hosts ?? []).some(
          host =>
            hostRank(host.slice(host.indexOf('/') + 1), request.host) !==
              undefined || host.endsWith('*'),
        ),
      )
    );
  });
  for (const gateway of bound) {
    const name = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
    const atGateway = { ...request, gateway: name };
    const virtualService = findVirtualService(world, atGateway, domain);
    if (virtualService) {
      const spec = virtualService.spec as VirtualServiceSpec;
      return (
        qualified(
          decideHttp(spec, atGateway),
          virtualService.metadata.namespace ?? '',
          domain,
        ) ?? NOT_FOUND
      );
    }
  }
  return NOT_FOUND;
}
