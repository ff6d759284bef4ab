import { resolveGatewayName } from '../../resources/gateway';
import { isWildcard } from '../../resources/hostPattern';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { kindNameOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import { judgeObjects } from '../judgeObjects';
import type { Policy } from '../types';

/** On a gateway that several namespaces share, a wildcard takes what the others have not named yet. */
export const wildcardHosts: Policy = {
  id: 'wildcard-hosts',
  description: 'No wildcard host on a gateway of another namespace',
  version: 1,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ after }) =>
        after !== undefined && findShared(after).gateways.length > 0,
      judge: ({ after, before }) => {
        if (!after) {
          return [];
        }
        const known = before ? findShared(before) : undefined;
        const { gateways, wildcards } = findShared(after);
        return gateways.length === 0
          ? []
          : wildcards
              .filter(
                host =>
                  !known?.wildcards.includes(host) ||
                  gateways.some(gateway => !known.gateways.includes(gateway)),
              )
              .map(host => ({
                verdict: 'deny' as const,
                text: `${describeObject(
                  after,
                )} takes ${host} on ${gateways.join(
                  ', ',
                )}, which other namespaces share; name the hosts`,
              }));
      },
      pass: 'No wildcard host on a shared gateway',
    });
  },
};

/** Gateways of other namespaces that the route is on, and its hosts there that are no single name. */
function findShared(route: KubeObject): {
  gateways: string[];
  wildcards: string[];
} {
  const namespace = route.metadata.namespace ?? '';
  const isShared = (gateway: string) => !gateway.startsWith(`${namespace}/`);
  switch (kindNameOf(route)) {
    case 'VirtualService': {
      const { gateways, hosts } = readVirtualService(route);
      return {
        gateways: gateways
          .filter(gateway => gateway !== MESH_GATEWAY)
          .map(gateway => resolveGatewayName(gateway, namespace))
          .filter(isShared),
        wildcards: hosts.map(host => host.trim()).filter(isWildcard),
      };
    }
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TLSRoute': {
      const { parents, hostnames } = readGatewayApiRoute(route);
      return {
        gateways: parents
          .filter(({ kind }) => kind === 'Gateway')
          .map(parent => `${parent.namespace}/${parent.name}`)
          .filter(isShared),
        wildcards:
          hostnames.length === 0
            ? ['every host']
            : hostnames.filter(isWildcard),
      };
    }
    default:
      return { gateways: [], wildcards: [] };
  }
}
