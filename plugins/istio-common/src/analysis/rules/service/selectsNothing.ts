import { readService } from '../../../resources/service';
import { describeSelector, isEmptySelector } from '../../../resources/selector';
import {
  SELECTABLE_KINDS,
  selectsWorkload,
} from '../../selection/selectsWorkload';
import type { Rule } from '../../types';

/** No endpoint, now or after a scale-up: a Deployment without replicas is selected all the same. */
export const serviceSelectsNothing: Rule = {
  code: 'ISB0803',
  name: 'service-selects-nothing',
  title: 'A Service selects no workload',
  severity: 'warning',
  explanation:
    'The endpoints of the Service are the pods of its namespace that carry all the labels of its selector. Nothing carries them, so every request to it is answered with 503.',
  remedy:
    'Correct the selector or the labels on the pod template, or remove the Service.',
  equivalents: ['KIA0701'],
  subjects: ['Service'],
  inputs: SELECTABLE_KINDS,
  reach: 'namespace',
  reachOf: { Service: 'object' },
  needs: ['workloads'],
  check(subject, { snapshot }) {
    const { selector, namespace, externalName } = readService(subject);
    if (
      isEmptySelector(selector) ||
      externalName !== undefined ||
      selectsWorkload(snapshot, selector, namespace)
    ) {
      return [];
    }
    return [
      {
        message: `No workload of ${namespace} carries ${describeSelector(
          selector,
        )}: it has no endpoint.`,
        path: 'spec.selector',
      },
    ];
  },
};
