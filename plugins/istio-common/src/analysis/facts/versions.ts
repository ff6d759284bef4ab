import { podsBehind } from '../../mesh/traffic/podsBehind';
import { resolveDestinationRule } from '../../mesh/traffic/resolveDestinationRule';
import { resolveHost, serviceHost } from '../../resources/host';
import type { KubeObject } from '../../resources/types';
import type { RouteDestination } from '../../resources/virtualService';
import { readWorkload, versionOfLabels } from '../../resources/workload';
import type { MeshSnapshot } from '../../snapshot/types';
import type { RequestSample } from '../../telemetry/types';

/**
 * Versions of the Service's workloads behind a destination of a VirtualService: `elsewhere` for another host,
 * undefined where it names no subset that is defined, or a workload says no version.
 */
export function resolveDestinationVersions(
  snapshot: MeshSnapshot,
  route: {
    virtualService: KubeObject;
    service: { namespace: string; name: string };
    destination: Pick<RouteDestination, 'host' | 'subset'>;
  },
): string[] | 'elsewhere' | undefined {
  const { virtualService, service, destination } = route;
  const host = serviceHost(service, snapshot.domain);
  const written = resolveHost(destination.host, {
    namespace: virtualService.metadata.namespace ?? '',
    domain: snapshot.domain,
  });
  if (written !== host) return 'elsewhere';
  const rule = resolveDestinationRule({
    snapshot,
    host,
    serviceNamespace: service.namespace,
    clientNamespace: service.namespace,
  });
  const labels = rule?.subsets.find(
    ({ name }) => name === destination.subset,
  )?.labels;
  if (!labels) return undefined;
  const versions = new Set<string>();
  for (const key of podsBehind(snapshot, service, labels).workloads) {
    const object = snapshot.workload(key);
    const version = object && versionOfLabels(readWorkload(object).labels);
    if (version === undefined) return undefined;
    versions.add(version);
  }
  return [...versions];
}

/** Requests by version that clients' proxies routed, per version telemetry knows. */
export function countVersions(
  samples: readonly RequestSample[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reporter, destination, requests } of samples) {
    if (reporter === 'source' && destination.version !== undefined) {
      const { version } = destination;
      counts.set(version, (counts.get(version) ?? 0) + requests);
    }
  }
  return counts;
}
