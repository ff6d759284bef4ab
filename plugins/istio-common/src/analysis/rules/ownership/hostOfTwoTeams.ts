import { resolveGatewayName } from '../../../resources/gateway';
import { resolveHost } from '../../../resources/host';
import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { virtualServices } from '../../../mesh/traffic/routingIndex';
import type { Rule } from '../../types';
import { findStrangers } from './namespaceOwner';

function gatewaysOf(object: KubeObject): string[] {
  return readVirtualService(object)
    .gateways.filter(name => name !== MESH_GATEWAY)
    .map(name => resolveGatewayName(name, object.metadata.namespace ?? ''));
}

/** Source: istio.io, "Traffic Management Best Practices", split large virtual services: merged at gateways, in no guaranteed order. */
export const hostOfTwoTeams: Rule = {
  code: 'ISB1302',
  name: 'host-of-two-teams',
  title: 'VirtualServices of two teams claim one host at a gateway',
  severity: 'warning',
  explanation:
    'At a gateway Istio puts the routes of both together, those of the older object first. What one team adds can take requests from the other, and neither sees it in its own namespace.',
  remedy:
    'Let one team own the host and delegate paths to the other (delegate), or give each a host of its own.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['Namespace'],
  reach: 'host',
  reachOf: { Namespace: 'mesh' },
  check(subject, { snapshot }) {
    const own = gatewaysOf(subject);
    if (own.length === 0) return [];
    const { namespace = '' } = subject.metadata;
    const { hosts } = virtualServices(snapshot);
    const context = { namespace, domain: snapshot.domain };
    return readVirtualService(subject).hosts.flatMap((written, index) =>
      hosts.exact(resolveHost(written, context)).flatMap(other => {
        const gateway = gatewaysOf(other).find(name => own.includes(name));
        const strangers =
          gateway &&
          findStrangers(snapshot, {
            namespace,
            other: other.metadata.namespace ?? '',
          });
        return strangers
          ? [
              {
                message: `${namespacedName(other.metadata)} of ${strangers.join(
                  ', ',
                )} claims ${written} at ${gateway} too.`,
                path: `spec.hosts[${index}]`,
              },
            ]
          : [];
      }),
    );
  },
};
