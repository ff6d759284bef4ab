import { isIpAddress, serviceOfHost } from '../../resources/host';
import type { MeshSnapshot } from '../../snapshot/types';
import { isCovered } from '../../mesh/route/hostPatterns';
import type { MeshService } from '../../mesh/route/serviceModel';
import { serviceRegistry } from '../../mesh/route/serviceRegistry';

/** The services of exactly this host, whoever sees them, oldest first. */
export function servicesOfHost(
  snapshot: MeshSnapshot,
  host: string,
): readonly MeshService[] {
  return serviceRegistry(snapshot).allByHost.get(host);
}

/**
 * Whether anything in the registry may be meant by the host of a route: the host itself, or a ServiceEntry
 * with a wildcard above it. An address is never told to be unknown.
 *
 * Source: istio/istio pkg/config/analysis/analyzers/util GetDestinationHost.
 */
export function isKnownHost(snapshot: MeshSnapshot, host: string): boolean {
  const registry = serviceRegistry(snapshot);
  return (
    registry.allByHost.has(host) ||
    isIpAddress(host) ||
    registry.wildcardHosts.some(
      pattern => isCovered(host, pattern) || isCovered(pattern, host),
    )
  );
}

/** `80, 9090` */
export function describePorts(service: MeshService): string {
  return service.ports.map(({ number }) => number).join(', ');
}

/** Whether any host of the registry is covered by the pattern, `*.shop.svc.cluster.local`. */
export function coversKnownHost(
  snapshot: MeshSnapshot,
  pattern: string,
): boolean {
  for (const host of serviceRegistry(snapshot).allByHost.keys()) {
    if (isCovered(host, pattern)) {
      return true;
    }
  }
  return false;
}

/**
 * The full name of the Service that a name with a dot was meant for, `reviews.catalog`: Istio takes such a
 * name as it is. Undefined where there is no such Service.
 *
 * Source: istio/istio pilot/pkg/model ResolveShortnameToFQDN.
 */
export function fullNameOf(
  snapshot: MeshSnapshot,
  host: string,
): string | undefined {
  const { domain } = snapshot;
  return [`${host}.svc.${domain}`, `${host}.${domain}`].find(
    name =>
      serviceOfHost(name, domain) && servicesOfHost(snapshot, name).length > 0,
  );
}
