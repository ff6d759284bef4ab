import type { RequestListener } from 'node:http';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { PodListener } from '../kubernetes';
import { describeSync } from './syncz';

const DEBUG_PORT = 15_014;

/**
 * istiod's debug interface, on the Pods that are called istiod: `/debug/syncz` alone. Whoever gets there by a
 * port-forward comes from istiod's own loopback and needs no token, as in Istio.
 */
export function createIstiod(
  options: Omit<Parameters<typeof describeSync>[0], 'now' | 'pods'> & {
    clock: () => number;
    pods: () => readonly KubeObject[];
  },
): PodListener {
  const { clock, pods } = options;
  const answer: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://istiod');
    if (pathname !== '/debug/syncz') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(describeSync({ ...options, pods: pods(), now: clock() })),
    );
  };
  return (pod, port) =>
    pod.metadata.labels?.app === 'istiod' && port === DEBUG_PORT
      ? answer
      : undefined;
}
