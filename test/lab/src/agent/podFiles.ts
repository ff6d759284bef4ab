import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { istiodHosts, writeHosts } from '../network/controlNetwork';
import { runCommand } from '../network/ip';
import type { LabNetwork } from '../network/subnets';
import type { AgentContext } from './AgentContext';
import { hasProxy, PROXY_USER } from './containerProcesses';
import type { Pod } from './podTypes';

/** Folders that a proxy finds in its image or in its volumes. */
const FOLDERS = [
  'etc/istio/pod',
  'etc/istio/proxy',
  'var/lib/istio/data',
  'var/lib/istio/envoy',
  'var/run/secrets/credential-uds',
  'var/run/secrets/istio',
  'var/run/secrets/tokens',
  'var/run/secrets/workload-spiffe-credentials',
  'var/run/secrets/workload-spiffe-uds',
];

/** Extra lines of a Pod's /etc/hosts, divided by semicolons. */
const HOSTS_ANNOTATION = 'lab/hosts';

/** Certificates and keys of the servers outside the mesh. */
export const outsideFolder = (state: string) => join(state, 'outside');

export const podFolder = (state: string, pod: Pod) =>
  join(state, 'pods', `${pod.metadata.namespace}_${pod.metadata.name}`);

const resolver = (namespace: string, server: string) =>
  [
    `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local`,
    `nameserver ${server}`,
    'options ndots:5 timeout:1 attempts:1',
    '',
  ].join('\n');

/** The volumes of a Pod as a folder, its hosts and its resolver. */
export async function writePodFiles(
  context: AgentContext,
  pod: Pod,
  namespace: string,
): Promise<string> {
  const { settings } = context;
  const folder = podFolder(settings.state, pod);
  const { gateway } = settings.network;
  writeHosts(namespace, hostsOf(settings.network, pod));
  trustOutside(settings.state, namespace);
  writeFileSync(
    join('/etc/netns', namespace, 'resolv.conf'),
    resolver(pod.metadata.namespace, gateway),
  );
  rmSync(folder, { recursive: true, force: true });
  for (const name of FOLDERS) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  if (hasProxy(pod)) {
    copyFileSync(
      settings.bootstrapTemplate,
      join(folder, 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json'),
    );
    writeDownwardFiles(pod, folder);
    await writeCredentials(context, pod, folder);
  }
  await runCommand('chown', ['-R', `${PROXY_USER}:${PROXY_USER}`, folder]);
  return folder;
}

/** /etc/hosts of a Pod before any Service. */
export function hostsOf(network: LabNetwork, pod: Pod): string {
  const extra = pod.metadata.annotations?.[HOSTS_ANNOTATION] ?? '';
  return `127.0.0.1 localhost\n${istiodHosts(network)}${extra.replace(
    /;/g,
    '\n',
  )}\n`;
}

/**
 * The certificates that a Pod trusts: those of the servers outside the mesh and no others. `ip netns
 * exec` shows them as /etc/ssl.
 */
function trustOutside(state: string, namespace: string): void {
  const folder = outsideFolder(state);
  if (!existsSync(folder)) return;
  const trusted = readdirSync(folder)
    .filter(name => name.endsWith('.crt'))
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('');
  const certificates = join('/etc/netns', namespace, 'ssl', 'certs');
  mkdirSync(certificates, { recursive: true });
  writeFileSync(join(certificates, 'ca-certificates.crt'), trusted);
}

/** Labels and annotations as the downward API writes them. */
function writeDownwardFiles(pod: Pod, folder: string): void {
  const write = (file: string, values: Record<string, string> = {}) =>
    writeFileSync(
      join(folder, 'etc/istio/pod', file),
      Object.entries(values)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
        .join(''),
    );
  write('labels', pod.metadata.labels);
  write('annotations', pod.metadata.annotations);
}

/** The Pod's token for istiod's certificate authority, and that authority's root. */
async function writeCredentials(
  { client }: AgentContext,
  pod: Pod,
  folder: string,
): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? 'default';
  const base = `/api/v1/namespaces/${namespace}`;
  const request = await client.call<{ status: { token: string } }>(
    `${base}/serviceaccounts/${account}/token`,
    {
      method: 'POST',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: ['istio-ca'],
          expirationSeconds: 43_200,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      },
    },
  );
  const root = await client.call<{ data: Record<string, string> }>(
    `${base}/configmaps/istio-ca-root-cert`,
  );
  const secrets = join(folder, 'var/run/secrets');
  writeFileSync(join(secrets, 'tokens/istio-token'), request.status.token, {
    mode: 0o600,
  });
  writeFileSync(
    join(secrets, 'istio/root-cert.pem'),
    root.data['root-cert.pem'],
  );
}
