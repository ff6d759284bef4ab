import { Duplex, PassThrough } from 'node:stream';
import { KubeConfig, PortForward } from '@kubernetes/client-node';
import { KubeConnectionError, type KubeTunnelOptions } from './types';

/**
 * Forwards a port of a Pod over a WebSocket of the API server. The stream ends when either side closes; what the
 * Pod's node says is wrong (nothing listens there) ends it with an error.
 */
export async function openTunnel(
  kubeConfig: KubeConfig,
  options: KubeTunnelOptions,
): Promise<Duplex> {
  const { namespace, pod, port, timeoutMs } = options;
  const received = new PassThrough();
  const problems = new PassThrough();
  const sent = new PassThrough();
  const tunnel = Duplex.from({ readable: received, writable: sent });
  // A stream that nobody listens to yet must not end the process with what is wrong.
  tunnel.on('error', () => {});
  problems.on('data', (text: Buffer) => {
    tunnel.destroy(new KubeConnectionError(String(text), { sent: true }));
  });
  const opening = new PortForward(kubeConfig)
    .portForward(namespace, pod, [port], received, problems, sent)
    .then(socket => {
      if (typeof socket === 'function') throw new Error('no connection');
      socket.onclose = () => received.end();
      // One that comes too late finds its stream closed.
      if (tunnel.destroyed) socket.close();
      tunnel.on('close', () => socket.close());
    });
  try {
    await inTime(opening, timeoutMs);
  } catch (error) {
    tunnel.destroy();
    throw new KubeConnectionError(
      String((error as Partial<Error>).message ?? 'no connection'),
      { sent: false },
    );
  }
  return tunnel;
}

/** The client has no deadline of its own for the answer to an upgrade. */
async function inTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
