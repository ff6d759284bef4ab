import { readDestinationRule } from '../resources/destinationRule';
import { resolveHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { MESH_GATEWAY, readVirtualService } from '../resources/virtualService';
import { isOwnHost, type OwnedHosts } from './ownedHosts';

/** Hosts the object takes requests of that are not the component's own. */
export function findForeignHosts(options: {
  subject: KubeObject;
  /** Hosts that only gateways serve may stay where they were, but not be added. */
  before: KubeObject | undefined;
  owned: OwnedHosts;
}): string[] {
  const { subject, before, owned } = options;
  const context = {
    namespace: subject.metadata.namespace ?? '',
    domain: owned.domain,
  };
  const isForeign = (host: string) =>
    !isOwnHost(resolveHost(host, context), owned);
  switch (kindNameOf(subject)) {
    case 'VirtualService': {
      const { hosts, gateways } = readVirtualService(subject);
      const inMesh = gateways.includes(MESH_GATEWAY);
      const known = before ? readVirtualService(before).hosts : [];
      return hosts.filter(
        host => isForeign(host) && (inMesh || !known.includes(host)),
      );
    }
    case 'DestinationRule':
      return [readDestinationRule(subject).host].filter(isForeign);
    case 'HTTPRoute':
    case 'GRPCRoute':
      return findForeignParents(subject, before, owned);
    default:
      return [];
  }
}

function findForeignParents(
  subject: KubeObject,
  before: KubeObject | undefined,
  owned: OwnedHosts,
): string[] {
  const describe = (route: KubeObject) => {
    const { parents, hostnames } = readGatewayApiRoute(route);
    return [
      ...parents
        .filter(
          parent =>
            !(
              parent.kind === 'Service' &&
              owned.services.some(
                ({ name, namespace }) =>
                  name === parent.name && namespace === parent.namespace,
              )
            ),
        )
        .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
      ...hostnames,
    ];
  };
  // A Gateway's hosts may stay where they were; another component's Service may not.
  const known = before ? describe(before) : [];
  return describe(subject).filter(
    each => each.startsWith('Service ') || !known.includes(each),
  );
}

/** The component's own Services that the object takes requests of, by name. */
export function findTakenServices(
  subject: KubeObject,
  owned: OwnedHosts,
): string[] {
  const context = {
    namespace: subject.metadata.namespace ?? '',
    domain: owned.domain,
  };
  const hosts = (written: string[]) =>
    owned.services.filter(service =>
      written.some(host =>
        isOwnHost(resolveHost(host, context), {
          ...owned,
          services: [service],
        }),
      ),
    );
  const taken = () => {
    switch (kindNameOf(subject)) {
      case 'VirtualService':
        return hosts(readVirtualService(subject).hosts);
      case 'DestinationRule':
        return hosts([readDestinationRule(subject).host]);
      case 'HTTPRoute':
      case 'GRPCRoute':
        return owned.services.filter(service =>
          readGatewayApiRoute(subject).parents.some(
            ({ kind, name, namespace }) =>
              kind === 'Service' &&
              name === service.name &&
              namespace === service.namespace,
          ),
        );
      default:
        return [];
    }
  };
  return taken().map(({ name }) => name);
}
