import { fieldsOf, labelsOf } from '../../../resources/fields';
import { serviceOfHost } from '../../../resources/host';
import { isEmptySelector } from '../../../resources/selector';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';
import { claimsOfHost, listsEndpoints, resolutionOf } from './entryIndex';

/**
 * A static ServiceEntry that names no endpoint. Endpoints are kept by host and namespace, so another
 * object of the namespace may bring them.
 */
export const noEndpoints: Rule = {
  code: 'ISB0405',
  name: 'service-entry-without-endpoints',
  title: 'A ServiceEntry with resolution STATIC has no endpoints',
  severity: 'error',
  explanation:
    'Resolution STATIC sends requests to the endpoints that the object lists or selects. It does neither, so every request is answered with 503.',
  remedy:
    'List spec.endpoints, select pods or WorkloadEntries with spec.workloadSelector, or use resolution DNS to look the host up.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: ['Service'],
  reach: 'mesh',
  check(subject, { snapshot }) {
    if (resolutionOf(subject) !== 'STATIC' || bringsEndpoints(subject)) {
      return [];
    }
    const namespace = subject.metadata.namespace ?? '';
    const open = readServiceEntry(subject).hosts.filter(host => {
      const service = serviceOfHost(host, snapshot.domain);
      return (
        !(
          service?.namespace === namespace &&
          snapshot.get('Service', namespace, service.name)
        ) &&
        !claimsOfHost(snapshot, host).some(
          claim =>
            claim.namespace === namespace && bringsEndpoints(claim.object),
        )
      );
    });
    return open.length === 0
      ? []
      : [
          {
            message: `${open.join(
              ', ',
            )} has resolution STATIC and no endpoint: requests are answered with 503.`,
            path: 'spec.resolution',
          },
        ];
  },
};

function bringsEndpoints(object: KubeObject): boolean {
  const { workloadSelector } = fieldsOf(object.spec);
  return (
    listsEndpoints(object) ||
    !isEmptySelector(labelsOf(fieldsOf(workloadSelector).labels))
  );
}
