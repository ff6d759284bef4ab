import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyObject,
  createObject,
  inParallel,
  ResourcePaths,
} from '../kubernetes/applyObjects';
import type { KubeClient } from '../kubernetes/KubeClient';
import type { KubeObject } from '../kubernetes/types';
import { inNamespace } from '../network/controlNetwork';
import type { RunningLab } from '../RunningLab';
import { PATIENCE, waitFor } from '../waitFor';
import type { ApiServer } from './apiServer';
import { type Manifest, readFolder, renderIstio } from './istioManifest';

const WIDTH = 8;

/** The manifest can be rendered while the API server comes up. */
export function prepareIstio(lab: RunningLab): Promise<Manifest> {
  const folder = join(lab.state, 'istiod');
  mkdirSync(folder, { recursive: true });
  return renderIstio({
    istioctl: lab.binaries.istioctl,
    envoy: lab.binaries.envoy,
    folder,
  });
}

const namespaceObject = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

/** Definitions, charts, istiod and its webhooks; resolves when injection and validation are in force. */
export async function startIstio(
  lab: RunningLab,
  options: { api: ApiServer; manifest: Manifest; gatewayApi: string },
): Promise<void> {
  const { api, manifest } = options;
  const { client } = api;
  const paths = new ResourcePaths(client);
  const definitions = [
    ...manifest.definitions,
    ...readFolder(options.gatewayApi).filter(
      ({ kind }) => kind === 'CustomResourceDefinition',
    ),
  ];
  await applyObject(client, paths, namespaceObject('istio-system'));
  await inParallel(definitions, WIDTH, object =>
    applyObject(client, paths, object),
  );
  await definitionsEstablished(client, definitions.length);
  await inParallel(manifest.base, WIDTH, object =>
    applyObject(client, paths, object),
  );
  await startIstiod(lab, api);
  for (const object of manifest.webhooks) {
    // Never applied anew: istiod fills in its certificate and the failure policy.
    await createObject(client, paths, { object, manager: 'istioctl' });
  }
  await webhooksInForce(client);
}

interface Conditions {
  items: { status?: { conditions?: { type: string; status: string }[] } }[];
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

async function definitionsEstablished(client: KubeClient, count: number) {
  await waitFor(
    async () => {
      const { items } = await client.call<Conditions>(DEFINITIONS);
      const established = items.filter(({ status }) =>
        status?.conditions?.some(
          one => one.type === 'Established' && one.status === 'True',
        ),
      );
      return established.length >= count;
    },
    {
      what: `the establishment of ${count} definitions`,
      timeoutSeconds: PATIENCE,
    },
  );
}

const istiodEnvironment = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  POD_NAME: 'istiod-lab',
  POD_NAMESPACE: 'istio-system',
  REVISION: 'default',
  CLUSTER_ID: 'Kubernetes',
  PILOT_CERT_PROVIDER: 'istiod',
  ISTIOD_CUSTOM_HOST: 'istiod.istio-system.svc',
  ENABLE_LEADER_ELECTION: 'false',
  INJECT_ENABLED: 'true',
  // Filters that only Istio's own build of Envoy has; manifests/telemetry.yaml does their part.
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'true',
  PILOT_TRACE_SAMPLING: '100',
  UNSAFE_ENABLE_ADMIN_ENDPOINTS: 'true',
  INJECTION_WEBHOOK_CONFIG_NAME: 'istio-sidecar-injector',
  VALIDATION_WEBHOOK_CONFIG_NAME: 'istio-validator',
  GOMEMLIMIT: '600MiB',
});

async function startIstiod(lab: RunningLab, api: ApiServer): Promise<void> {
  const folder = join(lab.state, 'istiod');
  lab.processes.start({
    key: 'istiod',
    command: inNamespace(lab.names.control, [
      lab.binaries['pilot-discovery'],
      'discovery',
      '--kubeconfig',
      api.kubeconfig,
      '--grpcAddr=:15010',
      '--secureGRPCAddr=:15012',
      '--httpsAddr=:15017',
      '--monitoringAddr=:15014',
      '--httpAddr=:8080',
    ]),
    log: join(folder, 'log'),
    cwd: folder,
    env: istiodEnvironment(folder),
  });
  const ready = `http://${lab.network.linkInside}:8080/ready`;
  await waitFor(async () => (await fetch(ready)).ok, {
    what: 'readiness of istiod',
    timeoutSeconds: PATIENCE,
    every: 200,
    hopeless: () =>
      lab.processes.isRunning('istiod')
        ? undefined
        : `it ended; see ${join(folder, 'log')}`,
  });
}

interface Webhooks {
  webhooks?: { failurePolicy?: string; clientConfig: { caBundle?: string } }[];
}

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

async function webhooksInForce(client: KubeClient): Promise<void> {
  const first = async (path: string) =>
    (await client.call<Webhooks>(`${ADMISSION}/${path}`)).webhooks?.[0];
  await waitFor(
    async () => {
      const validator = await first(
        'validatingwebhookconfigurations/istio-validator-istio-system',
      );
      const injector = await first(
        'mutatingwebhookconfigurations/istio-sidecar-injector',
      );
      return (
        validator?.failurePolicy === 'Fail' &&
        Boolean(validator.clientConfig.caBundle) &&
        Boolean(injector?.clientConfig.caBundle)
      );
    },
    {
      what: 'the completion of the webhooks by istiod',
      timeoutSeconds: PATIENCE,
    },
  );
}
