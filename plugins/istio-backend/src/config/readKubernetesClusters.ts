import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { describeUrlProblem } from './istioConfigSchema';

/** A cluster of the portal's own `kubernetes:` section. */
export interface KubernetesCluster {
  name: string;
  title?: string;
  url: string;
  caData?: string;
  caFile?: string;
  skipTlsVerify: boolean;
  /** Absent: the token that the pod of the backend carries. */
  token?: string;
  /** Key in the configuration, for messages. */
  key: string;
  /** Why this product cannot read it; the Kubernetes plugin may. */
  unusable?: string;
}

/**
 * Reads `kubernetes.clusterLocatorMethods` of type `config`. Clusters that the catalog supplies are never
 * used: their address is user data, and the backend would send its credentials there.
 */
export function readKubernetesClusters(
  config: Config,
  warnings: string[],
): KubernetesCluster[] {
  const methods =
    config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  const clusters: KubernetesCluster[] = [];
  methods.forEach((method, methodIndex) => {
    const methodKey = `kubernetes.clusterLocatorMethods[${methodIndex}]`;
    const type = method.getOptionalString('type');
    if (type !== 'config') {
      warnings.push(
        `${methodKey}: clusters of the locator '${type}' are not used; name them in a locator of type 'config' or in istio.clusters with a kubeconfig`,
      );
      return;
    }
    const entries = method.getOptionalConfigArray('clusters') ?? [];
    entries.forEach((entry, index) => {
      const cluster = readCluster(entry, `${methodKey}.clusters[${index}]`);
      if (clusters.some(one => one.name === cluster.name)) {
        throw new InputError(
          `${cluster.key}.name: the cluster '${cluster.name}' is named twice; names must be unique`,
        );
      }
      clusters.push(cluster);
    });
  });
  return clusters;
}

function readCluster(entry: Config, key: string): KubernetesCluster {
  const url = entry.getString('url');
  const problem = describeUrlProblem(url);
  if (problem) throw new InputError(`${key}.url: ${problem}`);
  const authProvider = authProviderOf(entry);
  return {
    key,
    name: entry.getString('name'),
    title: entry.getOptionalString('title'),
    url: url.replace(/\/+$/, ''),
    caData: entry.getOptionalString('caData'),
    caFile: entry.getOptionalString('caFile'),
    skipTlsVerify: entry.getOptionalBoolean('skipTLSVerify') ?? false,
    token: entry.getOptionalString('serviceAccountToken'),
    ...(authProvider !== 'serviceAccount' && {
      unusable: `authProvider '${authProvider}' is not supported here; allowed is 'serviceAccount', or a kubeconfig in istio.clusters`,
    }),
  };
}

/** The older `authProvider` or the newer `authMetadata`, whose key holds dots and so cannot be read by path. */
function authProviderOf(entry: Config): string {
  const metadata = entry.getOptional<Record<string, unknown>>('authMetadata');
  return String(
    entry.getOptionalString('authProvider') ??
      metadata?.['kubernetes.io/auth-provider'] ??
      'serviceAccount',
  );
}
