import { isIpAddress } from '../../resources/host';
import { memoizeByIdentity } from '../../resources/memoize';
import type { MeshSnapshot } from '../../snapshot/types';
import { isCovered } from '../../mesh/route/hostPatterns';
import type { MeshService } from '../../mesh/route/serviceModel';
import {
  serviceRegistry,
  type ServiceRegistry,
} from '../../mesh/route/serviceRegistry';

const NONE: readonly MeshService[] = Object.freeze([]);

const wildcardHosts = memoizeByIdentity((registry: ServiceRegistry): string[] =>
  [...registry.allByHost.keys()].filter(host => host.startsWith('*')),
);

/** The services of exactly this host, whoever sees them, oldest first. */
export function servicesOfHost(
  snapshot: MeshSnapshot,
  host: string,
): readonly MeshService[] {
  return serviceRegistry(snapshot).allByHost.get(host) ?? NONE;
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
    wildcardHosts(registry).some(
      pattern => isCovered(host, pattern) || isCovered(pattern, host),
    )
  );
}

/** `80, 9090` */
export function describePorts(service: MeshService): string {
  return service.ports.map(({ number }) => number).join(', ');
}
