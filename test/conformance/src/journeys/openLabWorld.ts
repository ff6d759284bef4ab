import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { WorldHandle } from '../world/WorldHandle';
import { createKubernetesHands } from './kubernetesHands';
import type {
  ClusterAddress,
  ProductWorld,
  RequestCounts,
  SendOptions,
} from './ProductWorld';
import { TcpRelay } from './TcpRelay';

/** The account that docs/rbac.yaml is for; the lab's world has it. */
const PORTAL = { namespace: 'backstage', name: 'istio-portal' };
/** On the Pod's loopback, so past its proxy. */
const CONTROL = 'http://127.0.0.1:9080/ctl';

interface Relays {
  api: TcpRelay;
  metrics: TcpRelay;
}

/** The lab's shop. Its one cluster is reached on two ways, so that one of them can die. */
export async function openLabWorld(handle: WorldHandle): Promise<ProductWorld> {
  const admin = readKubeconfig(handle.kubeconfig);
  const token = await ask<string>(handle, 'token', PORTAL);
  const relays = new Map<string, Relays>();
  const clusters: ClusterAddress[] = [];
  for (const name of ['lab', 'lab-far']) {
    const api = await openRelay(admin.server);
    const metrics = await openRelay(handle.prometheus ?? '');
    relays.set(name, { api, metrics });
    clusters.push({
      name,
      url: `https://localhost:${api.port}`,
      token,
      caFile: admin.caFile,
      prometheus: `http://127.0.0.1:${metrics.port}`,
    });
  }
  const send = (options: SendOptions) => sendRequests(handle, options);
  return {
    kind: 'lab',
    clusters: [clusters[0], clusters[1]],
    ...createKubernetesHands({ url: clusters[0].url, ...admin }),
    send,
    async failVersion({ share, ...from }) {
      const url = `${CONTROL}?fail=${Math.round(share * 100)}`;
      const { statuses } = await send({ from, url, count: 1 });
      if (statuses['200'] !== 1) {
        throw new Error(
          `${url} in ${from.workload}: ${JSON.stringify(statuses)}`,
        );
      }
    },
    async setSilent(cluster, { silent }) {
      const { api, metrics } = relays.get(cluster)!;
      api.setSilent(silent);
      metrics.setSilent(silent);
    },
    keepSending: options => keepSending(send, options),
    async close() {
      for (const { api, metrics } of relays.values()) {
        await api.close();
        await metrics.close();
      }
    },
  };
}

function openRelay(url: string): Promise<TcpRelay> {
  const { hostname, port } = new URL(url);
  return TcpRelay.open({ host: hostname, port: Number(port) });
}

interface Kubeconfig {
  clusters: {
    cluster: { server: string; 'certificate-authority': string };
  }[];
  users: { user: { token: string } }[];
}

function readKubeconfig(file: string) {
  const { clusters, users } = load(readFileSync(file, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority': caFile } = clusters[0].cluster;
  return { server, caFile, token: users[0].user.token };
}

/** Of the process that opened the lab. */
async function ask<T>(
  { control }: WorldHandle,
  ability: string,
  request: object,
): Promise<T> {
  const response = await fetch(`${control}/${ability}`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  if (!response.ok) {
    throw new Error(`${ability}: ${await response.text()}`);
  }
  return response.json();
}

async function sendRequests(
  handle: WorldHandle,
  { from, url, count, headers }: SendOptions,
): Promise<RequestCounts> {
  const { statuses, versions } = await ask<Omit<RequestCounts, 'answered'>>(
    handle,
    'sendRequests',
    { from, url, count, headers, concurrency: count > 1 ? 4 : 1 },
  );
  const sum = Object.values(statuses).reduce((total, each) => total + each, 0);
  return { answered: sum - (statuses.error ?? 0), statuses, versions };
}

/** A second's requests in each second. */
async function keepSending(
  send: (options: SendOptions) => Promise<RequestCounts>,
  { from, url, perSecond }: Parameters<ProductWorld['keepSending']>[0],
) {
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      const second = new Promise(resolve => setTimeout(resolve, 1_000));
      await Promise.all([send({ from, url, count: perSecond }), second]);
    }
  };
  const running = run();
  // A failure is told to whoever stops it.
  running.catch(() => undefined);
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}
