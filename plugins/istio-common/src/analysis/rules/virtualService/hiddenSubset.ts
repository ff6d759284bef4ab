import { readDestinationRule } from '../../../resources/destinationRule';
import { serviceOfHost } from '../../../resources/host';
import { namespacedName } from '../../../resources/objectKey';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { findDestinationRule } from '../../../mesh/route/destinationRules';
import { listDestinations } from '../../facts/destinations';
import { servicesOfHost } from '../../facts/services';
import { rulesWithSubset } from '../../facts/subsets';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model PushContext.destinationRule. */
export const hiddenSubset: Rule = {
  code: 'ISB0106',
  name: 'virtual-service-hidden-subset',
  title: 'A route sends to a subset that its callers do not see',
  severity: 'error',
  explanation:
    'For each caller one namespace decides on the DestinationRule of a host: the caller’s own, else that of the service, else the root namespace; the first with an exported rule for it wins whole. A subset defined anywhere else does not exist for that caller: its requests are answered with 503.',
  remedy:
    'Define the subset where the callers look first, export its DestinationRule to them, or remove the DestinationRule that hides it.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['DestinationRule', 'Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    // Callers at a gateway are in the namespace of its pods, which the object does not tell.
    if (!readVirtualService(subject).gateways.includes(MESH_GATEWAY)) return [];
    const namespace = subject.metadata.namespace ?? '';
    return listDestinations(subject, snapshot.domain).flatMap(
      ({ host, subset, path, mirror }) => {
        if (subset === undefined) return [];
        const defining = rulesWithSubset(snapshot, { host, subset });
        // For selected callers only: whether these are the ones is not known here.
        const unsure =
          defining.length === 0 ||
          defining.some(object => readDestinationRule(object).workloadSelector);
        const owner =
          servicesOfHost(snapshot, host)[0]?.namespace ??
          serviceOfHost(host, snapshot.domain)?.namespace;
        if (unsure || owner === undefined) return [];
        const inForce = findDestinationRule({
          snapshot,
          client: { namespace, labels: {} },
          service: { host, namespace: owner },
        });
        if (inForce?.subsets.some(({ name }) => name === subset)) return [];
        const where = defining.map(({ metadata }) => namespacedName(metadata));
        const hiding = inForce?.objects[0];
        return [
          {
            message: `Callers in ${namespace} do not see the subset ${subset} of DestinationRule ${where.join(
              ', ',
            )}: ${
              hiding
                ? `${namespacedName(hiding.metadata)} is in force for them`
                : 'it is not exported to them'
            }.`,
            path: `${path}.subset`,
            ...(mirror && { severity: 'warning' as const }),
          },
        ];
      },
    );
  },
};
