import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createStoredPrometheus,
  type RecordedSeries,
} from '@istio-backstage/sandbox';
import type { QueryServer } from './startPrometheus';

/** The sandbox's evaluator over the same series, over HTTP. */
export async function startEvaluator(
  series: readonly RecordedSeries[],
  now: number,
): Promise<QueryServer> {
  const handler = createStoredPrometheus({
    series,
    clock: () => now,
    scrapeIntervalMs: 15_000,
  });
  const server = createServer((request, response) => {
    handler(request, response).catch(() => response.destroy());
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/prometheus`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    },
  };
}
