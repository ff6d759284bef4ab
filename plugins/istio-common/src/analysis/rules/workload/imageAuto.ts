import { fieldsListOf } from '../../../resources/fields';
import { PROXY_CONTAINER } from '../../../resources/pod';
import { readWorkload } from '../../../resources/workload';
import { wantsSidecar } from '../../selection/wantsSidecar';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { readPodPlace } from './workloadPlaces';

/** Source: istio/istio analyzers/injection/image-auto.go; the webhooks are read off the labels that call them. */
export const imageAuto: Rule = {
  code: 'ISB0810',
  name: 'workload-image-auto-not-injected',
  title: 'A proxy container with image auto is not injected',
  severity: 'warning',
  explanation:
    'The image "auto" is a placeholder that the injector replaces. No label calls the injector for these pods, so the kubelet tries to pull an image of that name and the pods never start.',
  remedy:
    'Label the pod template sidecar.istio.io/inject: "true" or the namespace istio-injection: enabled, or name an image.',
  equivalents: ['IST0146', 'IST0147'],
  subjects: [...CONTROLLER_KINDS, 'Pod'],
  inputs: ['Namespace'],
  reach: 'namespace',
  reachOf: {
    Deployment: 'object',
    StatefulSet: 'object',
    DaemonSet: 'object',
    Pod: 'object',
  },
  check(subject, { snapshot }) {
    const place = readPodPlace(subject);
    const index = fieldsListOf(place?.spec.containers).findIndex(
      ({ name, image }) => name === PROXY_CONTAINER && image === 'auto',
    );
    if (!place || index < 0) return [];
    const path = `${place.path}.containers[${index}].image`;
    if (subject.kind === 'Pod') {
      return [
        {
          message: 'It was not injected: there is no image named auto to pull.',
          path,
          severity: 'error',
        },
      ];
    }
    const { labels, annotations } = readWorkload(subject);
    const { wanted, why } = wantsSidecar(snapshot, {
      namespace: subject.metadata.namespace ?? '',
      labels,
      annotations,
      hostNetwork: place.spec.hostNetwork,
    });
    return wanted
      ? []
      : [
          {
            message: `Its pods are not injected (${why}): there is no image named auto to pull.`,
            path,
          },
        ];
  },
};
