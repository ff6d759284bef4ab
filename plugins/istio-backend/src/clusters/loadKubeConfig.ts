import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterConnection } from '@istio-backstage/plugin-istio-node';

/** The credentials of one cluster in the form the Kubernetes client's authenticators take. */
export function loadKubeConfig(connection: ClusterConnection): KubeConfig {
  const kubeConfig = new KubeConfig();
  if (connection.kubeconfig) {
    kubeConfig.loadFromFile(connection.kubeconfig.file);
    if (connection.kubeconfig.context) {
      kubeConfig.setCurrentContext(connection.kubeconfig.context);
    }
    allowPlainHttp(kubeConfig);
    return kubeConfig;
  }
  kubeConfig.loadFromOptions({
    clusters: [
      {
        name: connection.name,
        server: connection.url,
        caData: connection.caData,
        caFile: connection.caFile,
        skipTLSVerify: connection.skipTlsVerify ?? false,
      },
    ],
    users: [
      {
        name: 'portal',
        token: connection.token,
        ...(connection.tokenFile && {
          authProvider: {
            name: 'tokenFile',
            config: { tokenFile: connection.tokenFile },
          },
        }),
        ...(connection.clientCertificate && {
          certData: connection.clientCertificate.certData,
          keyData: connection.clientCertificate.keyData,
        }),
      },
    ],
    contexts: [
      { name: connection.name, cluster: connection.name, user: 'portal' },
    ],
    currentContext: connection.name,
  });
  allowPlainHttp(kubeConfig);
  return kubeConfig;
}

/**
 * The client refuses `http://` unless TLS verification is off, although there is no TLS to verify.
 * Plain HTTP serves the sandbox and `kubectl proxy`.
 */
function allowPlainHttp(kubeConfig: KubeConfig): void {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster?.server.startsWith('http:')) {
    Object.assign(cluster, { skipTLSVerify: true });
  }
}
