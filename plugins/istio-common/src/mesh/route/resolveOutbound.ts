import { MeshSnapshot } from '../../snapshot/types';
import { answerHttp, defaultRetries } from './answerHttp';
import { answerL4 } from './answerL4';
import {
  decidedByOrigin,
  describePassedOver,
  emptyAnswer,
  unknownDestination,
} from './answers';
import { explainTables } from './explainTables';
import { chooseChain, Connection, FilterChain } from './filterChains';
import { httpRequestOf } from './httpRequest';
import { MeshPortView } from './meshDomains';
import { findMeshVirtualHost, MeshVirtualHost } from './meshVirtualHost';
import { dial, Dialled, isHeadless } from './dial';
import {
  findOutboundListener,
  headlessListener,
  OutboundListener,
} from './outboundListener';
import { isTcp, isTls } from './protocol';
import {
  egressListenerFor,
  importedServices,
  proxyView,
  ProxyView,
} from './proxyView';
import { MeshService, portOf } from './serviceModel';
import { firstMatching } from './tableRoutes';
import { describeTarget } from './targets';
import { RouteAnswer, RouteRequest } from './types';
import { Labels } from '../../resources/selector';

/** A request through the sidecar of a client. */
export function resolveOutbound(
  snapshot: MeshSnapshot,
  request: RouteRequest,
  client: { namespace: string; labels: Labels },
): RouteAnswer {
  const view = proxyView(snapshot, { kind: 'sidecar', ...client });
  const host = hostOf(request.host);
  const dialled = dial(view, host);
  const spoken = whatIsSpoken(request, dialled, host);
  const listener = listenerFor(view, request, { dialled, spoken });
  if (!listener) {
    return unknownDestination(
      view,
      `No service the caller's proxy knows is reached by ${host}:${request.port}.`,
    );
  }
  const chain = chooseChain(listener.chains, {
    ...spoken,
    ...addressOf(request, dialled),
  });
  if (!chain) {
    return unknownDestination(
      view,
      `Port ${request.port} of ${host} is not served with what the caller speaks.`,
    );
  }
  const { port } = request;
  // The routes of a port come from the egress listener that names it, even where that imports nothing
  // and the listener itself was made for another one.
  const routes = egressListenerFor(view, port) ?? listener.egress;
  return chain.tcp
    ? answerTcp({ view, listener: listener.egress, port }, chain, host)
    : answerShared(
        { view, listener: routes, port },
        { request, spoken, chain, host },
      );
}

/** The name without a port. */
function hostOf(authority: string): string {
  const host = authority.toLowerCase();
  const bracket = /^\[([^\]]*)\]/.exec(host);
  if (bracket) {
    return bracket[1];
  }
  return host.split(':').length === 2 ? host.split(':')[0] : host;
}

function addressOf(
  request: RouteRequest,
  dialled: Dialled,
): Pick<Connection, 'address'> {
  const address = request.address ?? dialled.address;
  return address === undefined ? {} : { address };
}

/** What the caller does not say follows from the protocol the port is declared with. */
function whatIsSpoken(
  request: RouteRequest,
  dialled: Dialled,
  host: string,
): Connection {
  const declared =
    dialled.service && portOf(dialled.service, request.port)?.protocol;
  const tls =
    request.tls ??
    (declared !== undefined &&
      isTls(declared) &&
      request.protocol === undefined);
  const http =
    request.protocol === undefined
      ? !(declared !== undefined && isTcp(declared) && !isTls(declared))
      : request.protocol !== 'tcp';
  return { tls, http, sni: tls ? request.sni ?? host : request.sni ?? '' };
}

function listenerFor(
  view: ProxyView,
  request: RouteRequest,
  options: { dialled: Dialled; spoken: Connection },
): OutboundListener | undefined {
  const { dialled, spoken } = options;
  const { service } = dialled;
  return (
    (request.address === undefined && service && isHeadless(service)
      ? headlessListener(view, request.port, service)
      : undefined) ??
    findOutboundListener(view, request.port, {
      ...addressOf(request, dialled),
      sni: spoken.sni,
    })
  );
}

function answerTcp(
  place: MeshPortView,
  chain: FilterChain,
  host: string,
): RouteAnswer {
  const { view, port } = place;
  const { service, rule } = chain.tcp ?? {};
  if (rule) {
    return {
      ...answerL4(view, rule.rule, port),
      ...explainTables(place, host, {
        domain: host,
        ...(service ? { service } : {}),
        table: rule.table,
        routes: [],
        passedOver: [],
        empty: [],
      }),
    };
  }
  return service ? answerDefault(place, service) : emptyAnswer('refused');
}

/** Istio's own route to a service that no object routes. */
function answerDefault(
  { view, port }: MeshPortView,
  service: MeshService,
): RouteAnswer {
  const single = service.ports.length === 1 ? service.ports[0].number : port;
  const { target, rule } = describeTarget(
    view,
    { host: service.host, port: single },
    100,
  );
  return emptyAnswer('routed', {
    destinations: [target],
    decidedBy: [
      decidedByOrigin(view.snapshot, {
        object: service.object,
        path: 'spec.ports',
      }),
      ...(rule?.policyFrom
        ? [
            decidedByOrigin(view.snapshot, {
              object: rule.policyFrom,
              path: 'spec.trafficPolicy',
            }),
          ]
        : []),
    ],
  });
}

function answerShared(
  place: MeshPortView,
  options: {
    request: RouteRequest;
    spoken: Connection;
    chain: FilterChain;
    host: string;
  },
): RouteAnswer {
  const { request, spoken, chain } = options;
  if (spoken.tls || !spoken.http) {
    return emptyAnswer('refused', {
      reason: `The proxy serves only plain HTTP on port ${request.port} there.`,
    });
  }
  const host = chain.onlyHost ?? options.host;
  const found = findMeshVirtualHost(place, host);
  const others = explainTables(place, host, found);
  if (!found) {
    const answer =
      chain.onlyHost === undefined
        ? unknownDestination(
            place.view,
            `No service or route the caller's proxy knows on port ${request.port} is called ${host}.`,
          )
        : emptyAnswer('noRoute', { reason: `${host} has no HTTP routes.` });
    return { ...answer, ...others };
  }
  return answerVirtualHost(place, { request, found, others });
}

function answerVirtualHost(
  place: MeshPortView,
  options: {
    request: RouteRequest;
    found: MeshVirtualHost;
    others: Pick<RouteAnswer, 'considered' | 'shadowed'>;
  },
): RouteAnswer {
  const { view, port, listener } = place;
  const { request, found, others } = options;
  if (!found.table && found.service) {
    const answer = answerDefault(place, found.service);
    const { retries, by } = defaultRetries(view);
    return {
      ...answer,
      ...(retries ? { retries } : {}),
      decidedBy: [...answer.decidedBy, by],
      ...others,
    };
  }
  const { route, passedOver } = firstMatching(
    found.routes,
    httpRequestOf(request, { scheme: 'http' }),
  );
  const described = describePassedOver(view.snapshot, [
    ...passedOver,
    ...found.passedOver,
  ]);
  const answer = route
    ? answerHttp(
        {
          view,
          port,
          scheme: 'http',
          serviceOf: host =>
            onPort(importedServices(view, listener, host), port),
        },
        route,
      )
    : emptyAnswer('noRoute', {
        reason: `None of the rules for ${found.domain} takes the request: 404.`,
      });
  return {
    ...answer,
    considered: [...described.considered, ...others.considered],
    unreachable: [...described.unreachable, ...droppedRules(view, found)],
    shadowed: others.shadowed,
  };
}

/** The service as the port's routes see it: with that port alone. */
function onPort(
  services: readonly MeshService[],
  port: number,
): MeshService | undefined {
  const service = services.find(candidate => portOf(candidate, port));
  return (
    service && {
      ...service,
      ports: service.ports.filter(({ number }) => number === port),
    }
  );
}

function droppedRules(
  view: ProxyView,
  found: MeshVirtualHost,
): RouteAnswer['unreachable'] {
  return (found.table?.dropped ?? []).map(({ object, path, text }) => ({
    object: view.snapshot.refOf(object),
    path,
    text,
  }));
}
