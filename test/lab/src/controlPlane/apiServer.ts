import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from '../kubernetes/KubeClient';
import type { RunningLab } from '../RunningLab';
import { inNamespace } from '../network/controlNetwork';
import { PATIENCE, waitFor } from '../waitFor';

const PORT = 6443;

/** What the sandbox's clusters do too; the others would only cost memory. */
const CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'deployment-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'replicaset-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'validatingadmissionpolicy-status-controller',
];

export interface ApiServer {
  client: KubeClient;
  url: string;
  kubeconfig: string;
  /** File of the certificate that the server made for itself. */
  caFile: string;
}

/** Starts etcd, the API server and the controllers in one process, and waits until they answer. */
export async function startApiServer(lab: RunningLab): Promise<ApiServer> {
  const folder = join(lab.state, 'kubernetes');
  mkdirSync(folder, { recursive: true });
  const token = randomBytes(24).toString('hex');
  const url = `https://${lab.network.linkInside}:${PORT}`;
  const caFile = join(folder, 'apiserver.crt');
  const kubeconfig = join(lab.state, 'kubeconfig');
  writeCredentials(folder, token);
  writeKubeconfig(kubeconfig, { url, token, caFile });
  lab.processes.start({
    key: 'kubelab',
    command: inNamespace(lab.names.control, [
      lab.binaries.kubelab,
      'all',
      join(folder, 'etcd'),
      'http://127.0.0.1:2379',
      'http://127.0.0.1:2380',
      '--',
      ...serverArguments(lab, folder),
      '--',
      ...controllerArguments(folder, kubeconfig, caFile),
    ]),
    log: join(folder, 'log'),
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GOMEMLIMIT: '500MiB',
      KUBELAB_READY: `https://127.0.0.1:${PORT}/readyz`,
    },
  });
  const hopeless = () =>
    lab.processes.isRunning('kubelab')
      ? undefined
      : `it ended; see ${join(folder, 'log')}`;
  // The key is written after the certificate, which is whole by then.
  await waitFor(() => existsSync(join(folder, 'apiserver.key')), {
    what: "the API server's certificate",
    timeoutSeconds: PATIENCE,
    hopeless,
  });
  const client = new KubeClient(url, token, readFileSync(caFile));
  await waitFor(() => client.call<string>('/readyz', { timeout: 2_000 }), {
    what: 'readiness of the API server',
    timeoutSeconds: PATIENCE,
    hopeless,
  });
  return { client, url, kubeconfig, caFile };
}

function serverArguments(lab: RunningLab, folder: string): string[] {
  const { linkInside } = lab.network;
  return [
    '--etcd-servers=http://127.0.0.1:2379',
    '--bind-address=0.0.0.0',
    `--secure-port=${PORT}`,
    // The certificate that the server makes for itself names this address, and localhost.
    `--advertise-address=${linkInside}`,
    '--endpoint-reconciler-type=none',
    `--cert-dir=${folder}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--allow-privileged=true',
    '--kubelet-preferred-address-types=InternalIP',
    '--v=0',
  ];
}

function controllerArguments(
  folder: string,
  kubeconfig: string,
  caFile: string,
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${join(folder, 'accounts.key')}`,
    `--root-ca-file=${caFile}`,
    `--controllers=${CONTROLLERS.join(',')}`,
  ];
}

function writeCredentials(folder: string, token: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const secret = { mode: 0o600 };
  writeFileSync(join(folder, 'accounts.key'), privateKey, secret);
  writeFileSync(join(folder, 'accounts.pub'), publicKey, secret);
  writeFileSync(
    join(folder, 'tokens.csv'),
    `${token},admin,admin,system:masters\n`,
    secret,
  );
}

function writeKubeconfig(
  file: string,
  options: { url: string; token: string; caFile: string },
): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: options.url,
          'certificate-authority': options.caFile,
        },
      },
    ],
    users: [{ name: 'admin', user: { token: options.token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'admin' } }],
    'current-context': 'lab',
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}
