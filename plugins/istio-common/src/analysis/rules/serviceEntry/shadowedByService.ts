import { fieldsOf, listOf, textOf } from '../../../resources/fields';
import { serviceOfHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import { readVisibility } from '../../../mesh/route/visibility';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';

/**
 * The host of a ServiceEntry is a Service of another namespace. In the Service's own namespace the two
 * are put together: endpoints are kept by host and namespace, which is how machines joined a Service
 * before WorkloadEntries.
 *
 * Source: istio/istio pilot/pkg/model/sidecar.go appendSidecarServices (1.31).
 */
export const shadowedByService: Rule = {
  code: 'ISB0403',
  name: 'service-entry-shadowed-by-service',
  title: 'The host of a ServiceEntry is a Service of another namespace',
  severity: 'warning',
  explanation:
    'Where a proxy sees both, Istio keeps the Service and drops the ServiceEntry, whichever is older. Its ports, endpoints and location have no effect.',
  remedy:
    'Give the ServiceEntry a host of its own and route the Service to it, or move it into the namespace of the Service to add endpoints to that.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: ['Service'],
  reach: 'mesh',
  reachOf: { ServiceEntry: 'object' },
  check(subject, { snapshot }) {
    return listOf(fieldsOf(subject.spec).hosts).flatMap((value, index) => {
      const host = textOf(value)?.toLowerCase() ?? '';
      const named = serviceOfHost(host, snapshot.domain);
      if (!named || named.namespace === subject.metadata.namespace) return [];
      const service = snapshot.get('Service', named.namespace, named.name);
      if (!service || !isPublic(service, snapshot)) return [];
      return [
        {
          message: `${host} is the Service ${named.namespace}/${named.name}, which Istio prefers: this ServiceEntry has no effect for it.`,
          path: `spec.hosts[${index}]`,
        },
      ];
    });
  },
};

function isPublic(service: KubeObject, snapshot: MeshSnapshot): boolean {
  const { annotations, namespace = '' } = service.metadata;
  const written = annotations?.['networking.istio.io/exportTo'];
  return (
    readVisibility({
      exportTo: written ? written.split(',').map(entry => entry.trim()) : [],
      fallback: meshDefaults(snapshot).serviceExportTo,
      namespace,
    }) === 'public'
  );
}
