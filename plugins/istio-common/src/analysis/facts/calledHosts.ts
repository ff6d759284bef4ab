import { serviceOfHost } from '../../resources/host';
import { readService } from '../../resources/service';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TrafficObservation } from '../../telemetry/types';
import { indexTraffic } from './observedTraffic';

/** Hosts that the workloads behind a host were seen calling, in the order of the alphabet. */
export function listCalledHosts(
  world: { snapshot: MeshSnapshot; traffic: TrafficObservation },
  host: string,
): string[] {
  const { snapshot, traffic } = world;
  const service = serviceOfHost(host, snapshot.domain);
  const object =
    service && snapshot.get('Service', service.namespace, service.name);
  if (!object) return [];
  const { namespace, selector } = readService(object);
  const called = new Set<string>();
  for (const workload of snapshot.workloadsMatching(namespace, selector)) {
    for (const sample of indexTraffic(traffic).from(workload).requests) {
      const { reporter, destinationService, requests } = sample;
      if (reporter !== 'destination' && destinationService && requests > 0) {
        called.add(destinationService);
      }
    }
  }
  return [...called].sort();
}
