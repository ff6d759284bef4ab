import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { KubeConfig, PortForward } from '@kubernetes/client-node';
import { readWorld } from './WorldHandle';

/** The body of one GET over a forwarded port, as the administrator. @throws Error unless the answer is 200 */
export async function readThrough(options: {
  namespace: string;
  pod: string;
  port: number;
  path: string;
}): Promise<string> {
  const { namespace, pod, port, path } = options;
  const config = new KubeConfig();
  config.loadFromFile(readWorld().kubeconfig);
  const [sent, received, problems] = [0, 1, 2].map(() => new PassThrough());
  problems.on('data', said => received.destroy(new Error(String(said))));
  const socket = await new PortForward(config).portForward(
    namespace,
    pod,
    [port],
    received,
    problems,
    sent,
  );
  if (typeof socket === 'function') throw new Error('no connection');
  socket.onclose = () => received.end();
  // HTTP/1.0: the answer ends with the connection and comes in one piece.
  sent.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
  const answer = await text(received);
  const [head, body] = answer.split('\r\n\r\n', 2);
  if (!/^HTTP\/1\.[01] 200 /.test(head)) throw new Error(head);
  return body;
}
