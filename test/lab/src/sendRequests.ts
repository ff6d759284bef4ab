import type { KubeClient } from './kubernetes/KubeClient';
import { inNamespace } from './network/controlNetwork';
import { runCommand } from './network/ip';
import { podNamespace } from './network/names';
import type { RunningLab } from './RunningLab';

/** Requests to send from inside a Pod. */
export interface RequestsFrom {
  /** The Deployment's name, or its `app` label. */
  from: { namespace: string; workload: string };
  url: string;
  count: number;
  headers?: Record<string, string>;
  /** Requests at a time. Default 4. */
  concurrency?: number;
}

/** What came back: numbers by status (`error` where there was no answer) and by the answer's version. */
export interface Sent {
  statuses: Record<string, number>;
  versions: Record<string, number>;
}

interface Pods {
  items: {
    metadata: { name: string; uid: string; labels?: Record<string, string> };
    status?: {
      phase?: string;
      conditions?: { type: string; status: string }[];
    };
  }[];
}

/** A user that istio-init redirects, unlike the proxy's. */
const APP_USER = '1500';

/** @throws Error when the workload has no ready Pod */
export async function sendRequests(
  lab: RunningLab,
  client: KubeClient,
  request: RequestsFrom,
): Promise<Sent> {
  const uid = await findPod(client, request.from);
  const headers = Object.entries(request.headers ?? {}).flatMap(
    ([name, value]) => ['-H', `${name}: ${value}`],
  );
  const [program, ...args] = inNamespace(podNamespace(lab.name, uid), [
    'setpriv',
    `--reuid=${APP_USER}`,
    `--regid=${APP_USER}`,
    '--clear-groups',
    lab.binaries.labapp,
    'load',
    '-n',
    String(request.count),
    '-c',
    String(request.concurrency ?? 4),
    ...headers,
    request.url,
  ]);
  const result: { codes: Sent['statuses']; versions?: Sent['versions'] } =
    JSON.parse(await runCommand(program, args));
  return { statuses: result.codes, versions: result.versions ?? {} };
}

async function findPod(
  client: KubeClient,
  { namespace, workload }: RequestsFrom['from'],
): Promise<string> {
  const { items } = await client.call<Pods>(
    `/api/v1/namespaces/${namespace}/pods`,
  );
  const pod = items.find(
    ({ metadata, status }) =>
      (metadata.labels?.app === workload ||
        metadata.name.startsWith(`${workload}-`)) &&
      status?.conditions?.some(
        one => one.type === 'Ready' && one.status === 'True',
      ),
  );
  if (!pod) {
    throw new Error(`no ready Pod of "${workload}" in namespace ${namespace}`);
  }
  return pod.metadata.uid;
}
