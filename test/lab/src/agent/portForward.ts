import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

const PATH = /^\/portForward\/([^/]+)\/([^/?]+)\?/;
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;

const upgrades = new WebSocketServer({
  noServer: true,
  handleProtocols: offered => (offered.has(PROTOCOL) ? PROTOCOL : false),
});

/**
 * A kubelet's port-forward by WebSocket, which the API server passes on as it is: both channels begin with the
 * port's number. Only of Pods that run in the agent's own network.
 */
export function forwardPort(
  request: IncomingMessage,
  connection: { socket: Duplex; head: Buffer },
  isHere: (namespace: string, name: string) => boolean,
): void {
  const { socket, head } = connection;
  const [, namespace = '', name = ''] = PATH.exec(request.url ?? '') ?? [];
  const port = Number(
    new URL(request.url ?? '/', 'https://node').searchParams.get('port'),
  );
  if (!isHere(namespace, name) || !Number.isInteger(port)) {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  upgrades.handleUpgrade(request, socket, head, peer => join(peer, port));
}

function join(peer: WebSocket, port: number): void {
  const send = (channel: number, data: Buffer) =>
    peer.send(Buffer.concat([Buffer.from([channel]), data]));
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  send(DATA, number);
  send(ERROR, number);
  const target = connect(port, '127.0.0.1');
  target.on('data', chunk => send(DATA, chunk));
  target.on('error', error => send(ERROR, Buffer.from(error.message)));
  target.on('close', () => peer.close());
  peer.on('message', (data: Buffer) => {
    if (data[0] === DATA) target.write(data.subarray(1));
  });
  peer.on('close', () => target.destroy());
}
