import { readRequestAuthentication } from '../../../resources/requestAuthentication';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Source: istio.io, "Use Layer 7 features" of ambient mode: RequestAuthentication is for waypoints. */
export const authenticationAtZtunnel: Rule = {
  code: 'ISB1107',
  name: 'ambient-request-authentication-without-waypoint',
  title: 'A RequestAuthentication selects workloads in ambient mode',
  severity: 'error',
  explanation:
    'ztunnel sees no requests, so it verifies no tokens. A waypoint does, but only by objects that are attached to it or to its Services. Bad tokens reach the workloads.',
  remedy:
    'Give the Service a waypoint and attach the RequestAuthentication to the Service by targetRefs.',
  equivalents: [],
  subjects: ['RequestAuthentication'],
  inputs: [...WORKLOAD_KINDS, 'Namespace'],
  reach: 'namespace',
  reachOf: { RequestAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { selector, targets, rules } = readRequestAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (targets.length > 0 || rules.length === 0) return [];
    const ambient = listSelected(snapshot, { namespace, selector }).filter(
      key => proxyOf(snapshot, key) === 'ambient',
    );
    return ambient.length === 0
      ? []
      : [
          {
            message: `Nobody verifies tokens at ${describeWorkloads(
              ambient,
              namespace,
            )}: ztunnel sees no requests.`,
            path: selector ? 'spec.selector' : 'spec',
          },
        ];
  },
};
