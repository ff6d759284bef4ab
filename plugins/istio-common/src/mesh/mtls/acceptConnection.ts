import { DecidedBy } from '../../resources/types';
import { ClientSends, MtlsMode } from './types';
import { InboundPort } from './resolveInboundPort';

/** What a sidecar makes of a connection to one of its ports. */
export type AcceptedConnection =
  | {
      accepted: true;
      /** As requests or as bytes. */
      layer: 'http' | 'tcp';
      /** The proxy ends the TLS, so it knows the peer. */
      identity: boolean;
    }
  | { accepted: false; decidedBy: DecidedBy; reason: string };

/**
 * Whether a sidecar takes the connection, and what it then sees of it. mTLS to a port that does not speak
 * it reaches a TCP application undecrypted; on an HTTP port it is no HTTP.
 *
 * Source: istio/istio pilot/pkg/networking/core filterchain_options.go.
 */
export function acceptConnection(options: {
  mode: Extract<MtlsMode, 'STRICT' | 'PERMISSIVE' | 'DISABLE'>;
  modeDecidedBy: DecidedBy;
  port: number;
  inbound: InboundPort;
  sends: ClientSends;
  speaks: 'http' | 'tcp';
}): AcceptedConnection {
  const { mode, modeDecidedBy, port, inbound, sends, speaks } = options;
  const terminated = sends === 'mtls' && mode !== 'DISABLE';
  if (mode === 'STRICT' && sends !== 'mtls') {
    return {
      accepted: false,
      decidedBy: modeDecidedBy,
      reason: `port ${port} accepts only mTLS (STRICT), the caller sends ${describeSends(
        sends,
      )}`,
    };
  }
  if (inbound.protocol === 'http' && sends !== 'plaintext' && !terminated) {
    return {
      accepted: false,
      decidedBy: sends === 'mtls' ? modeDecidedBy : inbound.decidedBy,
      reason:
        sends === 'mtls'
          ? `port ${port} accepts only plaintext (DISABLE), the caller sends mTLS`
          : `port ${port} is declared as HTTP, the caller sends TLS of its own`,
    };
  }
  if (inbound.protocol === 'http' && speaks === 'tcp') {
    return {
      accepted: false,
      decidedBy: inbound.decidedBy,
      reason: `port ${port} is declared as HTTP, the caller does not speak it`,
    };
  }
  const readable = terminated || sends === 'plaintext';
  return {
    accepted: true,
    layer:
      inbound.protocol !== 'tcp' && speaks === 'http' && readable
        ? 'http'
        : 'tcp',
    identity: terminated,
  };
}

function describeSends(sends: ClientSends): string {
  return sends === 'plaintext' ? 'plaintext' : 'TLS of its own';
}
