import { MeshSnapshot } from '../../snapshot/types';
import { answerHttp } from './answerHttp';
import { answerL4 } from './answerL4';
import {
  decidedByOrigin,
  describePassedOver,
  emptyAnswer,
  nameOf,
} from './answers';
import { findTcpRule, handleTls } from './gatewayConnections';
import { GatewayServer } from './gatewayServerModel';
import { GatewayProxy, serversOf } from './gatewayServers';
import {
  findGatewayVirtualHost,
  GatewayVirtualHost,
} from './gatewayVirtualHost';
import { httpRequestOf } from './httpRequest';
import { mergeServers, PortServers } from './mergedServers';
import { isHttp } from './protocol';
import { ProxyView, proxyView } from './proxyView';
import { firstMatching, ProxyRoute } from './tableRoutes';
import { gatewayService } from './targets';
import { RouteAnswer, RouteRequest } from './types';

/** A request that arrives at a gateway's proxy. */
export function resolveGateway(
  snapshot: MeshSnapshot,
  request: RouteRequest,
  proxy: GatewayProxy,
): RouteAnswer {
  const view = proxyView(snapshot, {
    kind: 'gateway',
    namespace: proxy.namespace,
    labels: proxy.labels,
  });
  const bound = serversOf(snapshot, proxy);
  const port = listenPortOf(bound, request.port);
  const servers = mergeServers(bound, port);
  const rejected = servers.rejected.map(({ server, text }) => ({
    object: snapshot.refOf(server.object),
    path: server.path,
    reason: 'invalid' as const,
    text,
  }));
  const answer = answerAt(view, servers, request);
  return { ...answer, considered: [...answer.considered, ...rejected] };
}

/** The pod's port behind a server's; a port that no server names is the pod's own. */
function listenPortOf(
  bound: ReturnType<typeof serversOf>,
  port: number,
): number {
  const named = bound.find(({ server }) => server.port === port);
  return named?.listenPorts[0] ?? port;
}

function answerAt(
  view: ProxyView,
  servers: PortServers,
  request: RouteRequest,
): RouteAnswer {
  const { plain, tls } = servers;
  const http = plain.filter(server => isHttp(server.protocol));
  const usesTls = request.tls ?? (plain.length === 0 && tls.length > 0);
  if (http.length > 0) {
    return usesTls || request.protocol === 'tcp'
      ? emptyAnswer('refused', {
          reason: `Port ${request.port} of the gateway takes plain HTTP only.`,
        })
      : answerRoutes(view, http, request, 'http');
  }
  if (tls.length > 0) {
    return answerTls(view, tls, request, usesTls);
  }
  const [server] = plain;
  return server
    ? answerRule(view, server, request)
    : emptyAnswer('refused', {
        reason: `No Gateway opens port ${request.port} on this proxy.`,
      });
}

function answerTls(
  view: ProxyView,
  servers: readonly GatewayServer[],
  request: RouteRequest,
  tls: boolean,
): RouteAnswer {
  const sni = (request.sni ?? nameWithoutPort(request.host)).toLowerCase();
  const handling = handleTls(view, servers, { tls, sni });
  if (!handling) {
    return emptyAnswer('refused', {
      reason: tls
        ? `No server or route of the gateway takes TLS for ${sni}.`
        : `Port ${request.port} of the gateway takes TLS only.`,
    });
  }
  if (handling.by === 'conflict') {
    return emptyAnswer('refused', {
      reason: `${handling.servers
        .map(server => `${server.path} of ${nameOf(server)}`)
        .join(
          ' and ',
        )} take the same server names, which Envoy does not accept.`,
    });
  }
  if (handling.by === 'rule') {
    return withServer(
      view,
      answerL4(view, handling.rule, handling.server.port),
      handling.server,
    );
  }
  return request.protocol === 'tcp'
    ? emptyAnswer('refused', {
        reason: 'The server opens TLS and expects HTTP inside.',
      })
    : answerRoutes(view, [handling.server], request, 'https');
}

function answerRule(
  view: ProxyView,
  server: GatewayServer,
  request: RouteRequest,
): RouteAnswer {
  const found = findTcpRule(view, server);
  return found
    ? withServer(view, answerL4(view, found.rule, server.port), server)
    : emptyAnswer('refused', {
        reason: `No route is bound to port ${request.port} of ${nameOf(
          server,
        )}.`,
      });
}

function answerRoutes(
  view: ProxyView,
  servers: readonly GatewayServer[],
  request: RouteRequest,
  scheme: 'http' | 'https',
): RouteAnswer {
  const host = nameWithoutPort(request.host);
  const found = findGatewayVirtualHost(view, servers, host);
  if (!found) {
    return emptyAnswer('noRoute', {
      reason: `No route bound to the gateway serves host ${host}: 404.`,
    });
  }
  if (found.httpsOnly && scheme === 'http') {
    return redirectToHttps(view, found.httpsOnly);
  }
  const { route, passedOver } = firstMatching(
    found.routes,
    httpRequestOf(request, { scheme }),
  );
  const described = describePassedOver(view.snapshot, [
    ...passedOver,
    ...found.passedOver,
  ]);
  const server = (route && serverOf(servers, route)) ?? servers[0];
  const answer = route
    ? withServer(
        view,
        answerHttp(
          {
            view,
            port: route.port,
            scheme,
            serviceOf: name =>
              gatewayService(view, name, route.table.namespace),
          },
          route,
        ),
        server,
      )
    : emptyAnswer('noRoute', { reason: noRouteReason(found) });
  return { ...answer, ...described };
}

function noRouteReason({ domain }: GatewayVirtualHost): string {
  return `None of the rules for ${domain} takes the request: 404.`;
}

function serverOf(
  servers: readonly GatewayServer[],
  { table, port }: ProxyRoute,
): GatewayServer | undefined {
  return servers.find(
    server =>
      server.port === port && table.gateways.includes(server.gatewayName),
  );
}

function redirectToHttps(view: ProxyView, server: GatewayServer): RouteAnswer {
  return emptyAnswer('redirect', {
    redirect: { code: 301, scheme: 'https' },
    reason: 'The server answers plain requests with a redirect to HTTPS.',
    decidedBy: [
      decidedByOrigin(view.snapshot, {
        object: server.object,
        path: `${server.path}.tls.httpsRedirect`,
      }),
    ],
  });
}

function withServer(
  view: ProxyView,
  answer: RouteAnswer,
  server: GatewayServer,
): RouteAnswer {
  return {
    ...answer,
    decidedBy: [...answer.decidedBy, decidedByOrigin(view.snapshot, server)],
  };
}

function nameWithoutPort(authority: string): string {
  return authority.toLowerCase().replace(/:\d+$/, '');
}
