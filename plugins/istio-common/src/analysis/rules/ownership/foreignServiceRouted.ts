import { isPrivate, resolveHost, serviceOfHost } from '../../../resources/host';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { Rule } from '../../types';
import { findStrangers } from './namespaceOwner';

/** Source: istio/istio pilot/pkg/model virtualServicesForGateway: an exported VirtualService counts wherever it stands. */
export const foreignServiceRouted: Rule = {
  code: 'ISB1303',
  name: 'service-routed-by-another-team',
  title: 'A VirtualService routes another team’s Service for everybody',
  severity: 'warning',
  explanation:
    'A VirtualService that is exported counts for all callers it is exported to, wherever it stands. This one decides where requests to the Service of another team go, and its owner cannot see it in his namespace.',
  remedy:
    'Set exportTo ["."] if the route is for callers of this namespace only; else leave the route to the owner of the Service.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['Namespace', 'Service'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object', Service: 'host' },
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    const { hosts, gateways, exportTo } = readVirtualService(subject);
    if (!gateways.includes(MESH_GATEWAY) || isPrivate(exportTo, namespace)) {
      return [];
    }
    return hosts.flatMap((written, index) => {
      const host = resolveHost(written, { namespace, domain: snapshot.domain });
      const service = serviceOfHost(host, snapshot.domain);
      const strangers =
        service &&
        service.namespace !== namespace &&
        snapshot.get('Service', service.namespace, service.name) &&
        findStrangers(snapshot, { namespace, other: service.namespace });
      return strangers
        ? [
            {
              message: `It routes ${service.namespace}/${
                service.name
              } of ${strangers.join(
                ', ',
              )} for callers of other namespaces too.`,
              path: `spec.hosts[${index}]`,
            },
          ]
        : [];
    });
  },
};
