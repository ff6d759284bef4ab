import { createServer, type IncomingMessage } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PodListener } from '../types';
import { badRequest, notFound, notImplemented } from './ApiError';
import type { RequestContext } from './types';

/** The newest of Kubernetes' WebSocket protocols that has one channel per stream and no word for closing one. */
const PROTOCOL = 'v4.channel.k8s.io';
const POD = { plural: 'pods', kind: 'Pod', group: '' };
const DATA = 0;
const ERROR = 1;

const upgrades = new WebSocketServer({
  noServer: true,
  handleProtocols: offered => (offered.has(PROTOCOL) ? PROTOCOL : false),
});

/**
 * Connects a WebSocket with what listens on the port of a Pod. As a kubelet does it, both streams begin with the
 * port's number, and a port where nobody listens is told on the second.
 * @throws ApiError for a Pod that is not there, and for anything but one port of one Pod.
 */
export function forwardPort(
  context: RequestContext,
  listener: PodListener | undefined,
): (socket: Duplex, head: Buffer) => void {
  const { server, info, request } = context;
  const { resource, query } = info;
  if (resource?.plural !== 'pods' || resource.subresource !== 'portforward') {
    throw notImplemented(`an upgrade of ${info.path}`);
  }
  const { namespace, name = '' } = resource;
  const pod = server.store.get('pods', { namespace, name });
  if (!pod) throw notFound(POD, name);
  const port = Number(query.get('ports'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw badRequest('ports: must be one port, 1 to 65535');
  }
  const serve = listener?.(pod, port);
  return (socket, head) => {
    upgrades.handleUpgrade(request as IncomingMessage, socket, head, peer => {
      const number = Buffer.alloc(2);
      number.writeUInt16LE(port);
      send(peer, DATA, number);
      send(peer, ERROR, number);
      if (serve) connect(peer, serve);
      else send(peer, ERROR, `nothing listens on port ${port} of ${name}`);
    });
  };
}

function connect(
  peer: WebSocket,
  serve: NonNullable<ReturnType<PodListener>>,
): void {
  const [near, far] = duplexPair();
  createServer(serve).emit('connection', far);
  near.on('data', (chunk: Buffer) => send(peer, DATA, chunk));
  near.on('end', () => peer.close());
  peer.on('message', (data: Buffer) => {
    if (data[0] === DATA) near.write(data.subarray(1));
  });
  peer.on('close', () => near.destroy());
}

function send(peer: WebSocket, channel: number, data: Buffer | string): void {
  peer.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)]));
}
