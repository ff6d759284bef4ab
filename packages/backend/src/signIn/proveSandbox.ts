import type { Config } from '@backstage/config';

export type SandboxProof =
  | { sandbox: true }
  | { sandbox: false; reason: string };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Every cluster of the configuration must be named in `kubernetes:` and live on the loopback
 * interface; a kubeconfig means a cluster of somebody's. The mode must say sandbox as well.
 */
export async function proveSandbox(config: Config): Promise<SandboxProof> {
  if (config.getOptionalString('app.signIn.mode') !== 'sandbox') {
    return { sandbox: false, reason: 'app.signIn.mode is not "sandbox"' };
  }
  const istioClusters = config.getOptionalConfigArray('istio.clusters') ?? [];
  const withKubeconfig = istioClusters.find(cluster =>
    cluster.has('kubeconfig'),
  );
  if (withKubeconfig) {
    return {
      sandbox: false,
      reason: `cluster ${withKubeconfig.getString(
        'name',
      )} comes from a kubeconfig`,
    };
  }
  const urls = (
    config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? []
  ).flatMap(method => {
    const clusters = method.getOptionalConfigArray('clusters');
    return clusters ? clusters.map(cluster => cluster.getString('url')) : [''];
  });
  if (urls.length === 0) {
    return { sandbox: false, reason: 'no cluster is configured' };
  }
  const foreign = urls.find(url => !isLoopback(url));
  if (foreign !== undefined) {
    return {
      sandbox: false,
      reason:
        'a cluster of kubernetes.clusterLocatorMethods is not on this machine',
    };
  }
  return { sandbox: true };
}

function isLoopback(url: string): boolean {
  try {
    return LOOPBACK.has(new URL(url).hostname);
  } catch {
    return false;
  }
}
