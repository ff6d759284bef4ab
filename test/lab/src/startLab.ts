import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { registerIstiod } from './agent/registerIstiod';
import { startAgent } from './agent/startAgent';
import { findBinaries } from './binaries';
import { startApiServer } from './controlPlane/apiServer';
import { prepareIstio, startIstio } from './controlPlane/istio';
import { readObjects } from './controlPlane/istioManifest';
import { findUpstreamFiles } from './controlPlane/upstreamFiles';
import { applyObject, ResourcePaths } from './kubernetes/applyObjects';
import type { KubeClient } from './kubernetes/KubeClient';
import { createControlNetwork, inNamespace } from './network/controlNetwork';
import { runCommand } from './network/ip';
import { checkLabName, controlNamespace, stateFolder } from './network/names';
import { RecordedProcesses } from './processes/RecordedProcesses';
import type { RunningLab } from './RunningLab';
import { type RequestsFrom, sendRequests, type Sent } from './sendRequests';
import { telemetryFilter } from './telemetry/envoyFilters';
import { jaegerObjects, startJaeger } from './telemetry/jaeger';
import { startPrometheus } from './telemetry/prometheus';
import { claimName, noteOwner, removeLab } from './tidyUp';
import { installWorld } from './world/installWorld';
import { readWorldFile } from './world/worldFile';

export interface LabOptions {
  /** Labs beside each other differ by their names. Default `lab`. */
  name?: string;
  /** A file of `worlds/` without its ending. Default `shop`. */
  world?: string;
  /** Hears what is being done, in plain lines. */
  log?: (line: string) => void;
  /** Ends a lab that is coming up. */
  signal?: AbortSignal;
}

/** A real mesh, up and running. */
export interface Lab {
  name: string;
  /** Kubeconfig of a cluster administrator, usable from the machine's own namespace. */
  kubeconfig: string;
  /** Address of the API server, and the file of the certificate it vouches for itself with. */
  apiServer: string;
  caFile: string;
  prometheus: string;
  /** Jaeger's query API. */
  tracing: string;
  /** Folder of logs and files. */
  state: string;
  /** Sends HTTP requests from inside a workload's Pod, so that its sidecar carries them. */
  sendRequests(request: RequestsFrom): Promise<Sent>;
  /** Compacts etcd: older resourceVersions are gone afterwards. */
  compact(): Promise<void>;
  /** A token of a service account, good for a day. */
  token(account: { namespace: string; name: string }): Promise<string>;
  /** Server-side apply of YAML documents as cluster administrator; field manager `lab`. */
  apply(yaml: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings a lab up and resolves when everything in it is ready. What an earlier lab of that name left
 * behind is removed first; when something fails, what was started is ended.
 *
 * @throws Error naming what did not come up and where its log is
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { world = 'shop', log = () => undefined } = options;
  const name = checkLabName(options.name ?? 'lab');
  readWorldFile(world);
  claimName(name);
  const binaries = await findBinaries(log, options.signal);
  await removeLab(name, { keepState: false });
  const state = stateFolder(name);
  // Not below a folder of mode 0700: Envoy's user walks through.
  mkdirSync(state, { recursive: true, mode: 0o755 });
  noteOwner(name);
  const processes = new RecordedProcesses(join(state, 'processes'));
  const { signal } = options;
  try {
    const network = await createControlNetwork(name);
    const names = { control: controlNamespace(name) };
    const lab = { name, state, binaries, network, names, processes, say: log };
    return await orAborted(bringUp(lab, world), signal);
  } catch (error) {
    // What still waits in the background must not start anything any more.
    processes.close();
    await removeLab(name, { keepState: true });
    throw error;
  }
}

function orAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('Stopped before the lab was ready.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject);
  });
}

async function bringUp(lab: RunningLab, world: string): Promise<Lab> {
  const timer = stopwatch(lab.say);
  const [manifest, upstream, api, tracing, prometheus] = await Promise.all([
    prepareIstio(lab),
    findUpstreamFiles(),
    startApiServer(lab),
    startJaeger(lab),
    startPrometheus(lab),
  ]);
  timer(`API server, Prometheus and Jaeger are up`);
  const agent = startAgent(lab, { api, upstream });
  agent.catch(() => undefined);
  await startIstio(lab, { api, manifest, gatewayApi: upstream.gatewayApi });
  const { client } = api;
  const paths = new ResourcePaths(client);
  for (const object of [
    telemetryFilter(),
    ...jaegerObjects(lab.network.gateway),
  ]) {
    await applyObject(client, paths, object);
  }
  await agent;
  await registerIstiod(client);
  timer('istiod is up, its webhooks are in force');
  await installWorld(lab, client, world);
  timer(`the world "${world}" is ready`);
  return {
    name: lab.name,
    kubeconfig: api.kubeconfig,
    apiServer: api.url,
    caFile: api.caFile,
    prometheus,
    tracing,
    state: lab.state,
    sendRequests: request => sendRequests(lab, client, request),
    compact: () => compact(lab),
    token: account => createToken(client, account),
    apply: async yaml => {
      for (const object of readObjects(yaml)) {
        await applyObject(client, paths, object);
      }
    },
    stop: async () => {
      client.close();
      await removeLab(lab.name, { keepState: true });
    },
  };
}

async function createToken(
  client: KubeClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<string> {
  const { status } = await client.call<{ status: { token: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    {
      method: 'POST',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 86_400 },
      },
    },
  );
  return status.token;
}

async function compact(lab: RunningLab): Promise<void> {
  const [program, ...args] = inNamespace(lab.names.control, [
    lab.binaries.kubelab,
    'compact',
    'http://127.0.0.1:2379',
  ]);
  await runCommand(program, args);
}

function stopwatch(say: (line: string) => void) {
  const started = performance.now();
  return (what: string) =>
    say(`${((performance.now() - started) / 1000).toFixed(1)} s: ${what}`);
}
