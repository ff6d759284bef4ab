import { readWorkload } from '../../../resources/workload';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { readPodPlace } from './workloadPlaces';

/** Source: istio/istio pkg/kube/inject injectRequired (1.31). */
export const hostNetworkInjection: Rule = {
  code: 'ISB0811',
  name: 'workload-host-network-not-injected',
  title: 'A workload on the network of the node asks for a sidecar',
  severity: 'warning',
  explanation:
    'The injector leaves out pods with hostNetwork, because redirecting their traffic would redirect that of the node. The label has no effect: the pods are outside the mesh.',
  remedy:
    'Remove hostNetwork if the pods are to be in the mesh, or remove the label.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: [],
  reach: 'object',
  check(subject) {
    const place = readPodPlace(subject);
    if (
      place?.spec.hostNetwork !== true ||
      readWorkload(subject).labels['sidecar.istio.io/inject'] !== 'true'
    ) {
      return [];
    }
    return [
      {
        message:
          'It asks for a sidecar by label, but pods with hostNetwork get none.',
        path: `${place.path}.hostNetwork`,
      },
    ];
  },
};
