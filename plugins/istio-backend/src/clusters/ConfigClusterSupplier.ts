import { existsSync, readFileSync } from 'node:fs';
import { InputError } from '@backstage/errors';
import { KubeConfig } from '@kubernetes/client-node';
import type {
  ClusterConnection,
  ClusterSupplier,
} from '@istio-backstage/plugin-istio-node';
import type { ClusterConfig, KubeconfigReference } from '../config';
import type { KubernetesCluster } from '../config/readKubernetesClusters';
import { describeUrlProblem } from '../config/istioConfigSchema';

/** Where Kubernetes mounts the service account of a pod. */
const POD_TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** {@link ClusterSupplier} from the portal's configuration: `kubernetes:` and kubeconfig files. */
export class ConfigClusterSupplier implements ClusterSupplier {
  static create(options: {
    clusters: readonly ClusterConfig[];
    podTokenFile?: string;
  }): ConfigClusterSupplier {
    const podTokenFile = options.podTokenFile ?? POD_TOKEN_FILE;
    return new ConfigClusterSupplier(
      options.clusters.map(cluster =>
        'kubeconfig' in cluster.connection
          ? fromKubeconfig(cluster, cluster.connection.kubeconfig)
          : fromKubernetes(cluster, cluster.connection, podTokenFile),
      ),
    );
  }

  private constructor(private readonly connections: ClusterConnection[]) {}

  async listClusters(): Promise<ClusterConnection[]> {
    return this.connections;
  }
}

function fromKubernetes(
  { name, title }: ClusterConfig,
  cluster: KubernetesCluster,
  podTokenFile: string,
): ClusterConnection {
  const { url, caData, caFile, skipTlsVerify, token, key } = cluster;
  if (!token && !existsSync(podTokenFile)) {
    throw new InputError(
      `${key}.serviceAccountToken: missing; needed unless the backend runs in a pod with a service account`,
    );
  }
  if (caFile && !existsSync(caFile)) {
    throw new InputError(`${key}.caFile: there is no file '${caFile}'`);
  }
  return {
    name,
    title,
    url,
    caData,
    caFile,
    skipTlsVerify,
    ...(token ? { token } : { tokenFile: podTokenFile }),
  };
}

/**
 * Static credentials are resolved here; a user with an exec plugin or an auth provider keeps the reference
 * to the file, and the Kubernetes client runs it.
 */
function fromKubeconfig(
  { name, title }: ClusterConfig,
  { file, context, key }: KubeconfigReference,
): ClusterConnection {
  const kubeConfig = loadFile(file, key);
  if (context) {
    const known = kubeConfig.getContexts().map(one => one.name);
    if (!known.includes(context)) {
      throw new InputError(
        `${key}.context: '${file}' has no context '${context}'; it has ${
          known.join(', ') || 'none'
        }`,
      );
    }
    kubeConfig.setCurrentContext(context);
  }
  const cluster = kubeConfig.getCurrentCluster();
  const user = kubeConfig.getCurrentUser();
  if (!cluster || !user) {
    throw new InputError(
      `${key}.context: the context '${kubeConfig.getCurrentContext()}' of '${file}' has no cluster or no user`,
    );
  }
  const problem = describeUrlProblem(cluster.server);
  if (problem) throw new InputError(`${key}: the cluster's server ${problem}`);
  const certData = user.certData ?? readBase64(user.certFile, key);
  const keyData = user.keyData ?? readBase64(user.keyFile, key);
  const isDynamic = Boolean(
    user.exec ||
      user.authProvider ||
      user.username ||
      cluster.proxyUrl ||
      cluster.tlsServerName,
  );
  return {
    name,
    title,
    url: cluster.server.replace(/\/+$/, ''),
    caData: cluster.caData,
    caFile: cluster.caFile,
    skipTlsVerify: cluster.skipTLSVerify ?? false,
    token: user.token,
    ...(certData && keyData && { clientCertificate: { certData, keyData } }),
    ...(isDynamic && { kubeconfig: { file, context } }),
  };
}

function loadFile(file: string, key: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      code === 'ENOENT'
        ? `${key}.file: there is no file '${file}'`
        : `${key}.file: '${file}' cannot be read as a kubeconfig${
            code ? ` (${code})` : ''
          }`,
    );
  }
  return kubeConfig;
}

function readBase64(file: string | undefined, key: string): string | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file).toString('base64');
  } catch {
    throw new InputError(
      `${key}.file: it names '${file}', which cannot be read`,
    );
  }
}
