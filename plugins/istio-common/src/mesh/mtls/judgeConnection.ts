import { DecidedBy } from '../../resources/types';
import { acceptConnection } from './acceptConnection';
import { PodEndpoint } from './listEndpoints';
import { InboundPort } from './resolveInboundPort';
import { ClientSends, MtlsOutcome, PortMtls } from './types';

/** What becomes of a connection to one pod. */
export interface JudgedConnection {
  outcome: Exclude<MtlsOutcome, 'mixed'>;
  reason: string;
}

/** The server's side of a connection. */
export interface ServerSide {
  port: number;
  mode: PortMtls['mode'];
  decidedBy: DecidedBy;
  inbound: InboundPort;
}

/**
 * What becomes of what a client sends to one pod of the server. TLS that is not Istio's passes through a
 * sidecar to the application, where the port is not declared as HTTP; whether that can read it is its own
 * affair. Istio's mTLS that no proxy ends is lost.
 */
export function judgeConnection(options: {
  server: ServerSide;
  endpoint: PodEndpoint;
  sends: ClientSends;
}): JudgedConnection {
  const { server, endpoint, sends } = options;
  if (server.mode === 'UNKNOWN') {
    return { outcome: 'unknown', reason: 'what the port accepts is not known' };
  }
  if (endpoint.proxy === 'none' || server.mode === 'OUTSIDE') {
    return withoutProxy(sends);
  }
  return endpoint.proxy === 'ambient'
    ? byZtunnel(server, sends)
    : bySidecar({ ...server, mode: server.mode }, sends);
}

function withoutProxy(sends: ClientSends): JudgedConnection {
  switch (sends) {
    case 'plaintext':
      return {
        outcome: 'plaintext',
        reason: 'plaintext, and the server has no proxy',
      };
    case 'mtls':
      return {
        outcome: 'refused',
        reason: 'the client sends mTLS, and the server has no proxy to end it',
      };
    default:
      return {
        outcome: 'encrypted',
        reason: 'TLS from the client’s proxy to the application',
      };
  }
}

function byZtunnel(server: ServerSide, sends: ClientSends): JudgedConnection {
  if (sends === 'mtls') {
    return { outcome: 'encrypted', reason: 'mTLS, ended by ztunnel' };
  }
  if (server.mode === 'STRICT') {
    return {
      outcome: 'refused',
      reason: `port ${server.port} accepts only mTLS (STRICT), the caller does not send it`,
    };
  }
  return sends === 'plaintext'
    ? { outcome: 'plaintext', reason: 'plaintext is sent and accepted' }
    : {
        outcome: 'encrypted',
        reason: 'TLS that passes through to the application',
      };
}

function bySidecar(
  server: ServerSide & { mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE' },
  sends: ClientSends,
): JudgedConnection {
  const { inbound, mode, decidedBy, port } = server;
  const connection = acceptConnection({
    mode,
    modeDecidedBy: decidedBy,
    port,
    inbound,
    sends,
    speaks: inbound.protocol === 'tcp' ? 'tcp' : 'http',
  });
  if (!connection.accepted) {
    return { outcome: 'refused', reason: connection.reason };
  }
  if (sends === 'plaintext') {
    return {
      outcome: 'plaintext',
      reason: `plaintext is sent, and accepted (${mode})`,
    };
  }
  if (sends === 'mtls') {
    return connection.identity
      ? { outcome: 'encrypted', reason: `mTLS is sent, and accepted (${mode})` }
      : {
          outcome: 'refused',
          reason: `port ${port} does not end mTLS (DISABLE): the application would get it undecrypted`,
        };
  }
  return {
    outcome: 'encrypted',
    reason: 'TLS that passes through to the application',
  };
}
