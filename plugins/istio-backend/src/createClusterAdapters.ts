import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  CertificateReader,
  ClusterSupplier,
  MeshReader,
  MeshWriter,
  ProxyStatusReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import { ClusterRegistry } from './clusters/ClusterRegistry';
import { ConfigClusterSupplier } from './clusters/ConfigClusterSupplier';
import { InformerCache } from './clusters/InformerCache';
import { KubernetesCertificateReader } from './clusters/KubernetesCertificateReader';
import { KubernetesProxyStatusReader } from './clusters/KubernetesProxyStatusReader';
import { KubernetesMeshWriter } from './clusters/KubernetesMeshWriter';
import type { KubeClient } from './clusters/types';
import type { IstioConfig } from './config';
import { PrometheusTelemetryProvider } from './telemetry/PrometheusTelemetryProvider';

/** Ports that a module put in the place of the plugin's own adapters. */
export interface AdapterOverrides {
  supplier?: ClusterSupplier;
  reader?: MeshReader;
  writer?: MeshWriter;
  telemetry?: TelemetryProvider;
  certificates?: CertificateReader;
  proxyStatus?: ProxyStatusReader;
}

export interface ClusterAdapters {
  reader: MeshReader;
  writer: MeshWriter;
  telemetry: TelemetryProvider;
  certificates: CertificateReader;
  /** Throws NotFoundError for a name that is not configured. */
  clientFor(cluster: string): KubeClient;
  proxyStatus: ProxyStatusReader;
  start(): void;
  stop(): void;
}

/** The adapters to clusters and Prometheus, or what modules put in their place. */
export async function createClusterAdapters(options: {
  config: IstioConfig;
  overrides: AdapterOverrides;
  version: string;
  logger: LoggerService;
}): Promise<ClusterAdapters> {
  const { config, overrides, version, logger } = options;
  const registry = await ClusterRegistry.create({
    supplier:
      overrides.supplier ??
      ConfigClusterSupplier.create({ clusters: config.clusters }),
    settings: config.clusters,
  });
  const cache = InformerCache.create({
    registry,
    onListenerError: error =>
      logger.error('A change of the mesh could not be passed on', {
        message: String(error),
      }),
  });
  const ownReader = overrides.reader === undefined;
  return {
    reader: overrides.reader ?? cache,
    writer:
      overrides.writer ??
      KubernetesMeshWriter.create({ clients: registry.clients(), version }),
    telemetry:
      overrides.telemetry ??
      PrometheusTelemetryProvider.create({
        clusters: config.clusters,
        cacheSeconds: config.metrics.cacheSeconds,
        timeoutSeconds: config.metrics.timeoutSeconds,
      }),
    certificates:
      overrides.certificates ??
      KubernetesCertificateReader.create({
        clients: registry
          .clients()
          .filter(({ cluster }) =>
            config.clusters.some(
              one => one.name === cluster && one.readGatewayCertificates,
            ),
          ),
      }),
    clientFor: cluster => registry.clientFor(cluster),
    proxyStatus:
      overrides.proxyStatus ??
      KubernetesProxyStatusReader.create({
        clients: registry
          .clients()
          .filter(({ cluster }) => wantsProxyStatus(config, cluster)),
      }),
    start: () => {
      if (ownReader) cache.start();
    },
    stop: () => cache.stop(),
  };
}

/** A supplied cluster without an entry has the defaults. */
function wantsProxyStatus(config: IstioConfig, cluster: string): boolean {
  const settings = config.clusters.find(({ name }) => name === cluster);
  return settings?.readProxyStatus ?? true;
}
