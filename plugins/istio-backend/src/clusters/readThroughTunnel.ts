import http from 'node:http';
import type { Duplex } from 'node:stream';
import { KubeConnectionError, KubeStatusError } from './types';

/** A mesh of 10,000 proxies answers with some 20 MB. */
const MAX_BYTES = 64_000_000;

/** One GET over a connection that is already there, and the JSON that came back. The connection is closed after it. */
export function readThroughTunnel(
  tunnel: Duplex,
  options: { path: string; timeoutMs: number },
): Promise<unknown> {
  return new Promise<unknown>((resolve, reject) => {
    if (tunnel.errored) throw tunnel.errored;
    tunnel.once('error', reject);
    const request = http.get({
      // What istiod lets in without a token is what comes from its own loopback, which is where the tunnel ends.
      host: 'localhost',
      path: options.path,
      headers: { Accept: 'application/json', Connection: 'close' },
      createConnection: () => tunnel,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    request.on('response', response => {
      readJson(response).then(resolve, reject);
    });
    request.on('error', reject);
  }).finally(() => tunnel.destroy());
}

async function readJson(response: http.IncomingMessage): Promise<unknown> {
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    throw new KubeStatusError(statusCode, `it answered ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BYTES) {
      throw new KubeConnectionError('its answer is too large', { sent: true });
    }
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
