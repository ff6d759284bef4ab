import { namespacedName } from '../../../resources/objectKey';
import { isEmptySelector } from '../../../resources/selector';
import { readService } from '../../../resources/service';
import { countPods } from '../../../mesh/traffic/podsBehind';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import {
  SELECTABLE_KINDS,
  selectsWorkload,
} from '../../selection/selectsWorkload';
import type { Rule } from '../../types';
import { isService, listBackends, ROUTE_KINDS } from './routeFacts';

/** A split towards a Service behind which nothing runs. */
export const backendWithoutEndpoints: Rule = {
  code: 'ISB0908',
  name: 'route-backend-without-endpoints',
  title: 'A route sends to a Service without endpoints',
  severity: 'warning',
  explanation:
    'The Service exists, but no workload stands behind it, or one that is scaled to zero. The other backends do not take over: the share of this one is answered with 503.',
  remedy:
    'Start the workload before it gets a weight, or take the weight back.',
  equivalents: [],
  subjects: ROUTE_KINDS,
  inputs: ['Service', ...SELECTABLE_KINDS],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check: (subject, { snapshot }) =>
    listBackends(subject).flatMap(({ backend, path, share }) => {
      const service =
        isService(backend) &&
        snapshot.get('Service', backend.namespace, backend.name);
      const why = service ? explainEmpty(service, snapshot) : undefined;
      return why
        ? [
            {
              message: `${why} behind Service ${namespacedName(
                backend,
              )}: its ${share}% of the requests are answered with 503.`,
              path,
            },
          ]
        : [];
    }),
};

function explainEmpty(
  service: KubeObject,
  snapshot: MeshSnapshot,
): string | undefined {
  const { selector, namespace } = readService(service);
  // Files without any workload say nothing about endpoints.
  const isKnown = WORKLOAD_KINDS.some(kind => snapshot.list(kind).length > 0);
  if (isEmptySelector(selector) || !isKnown) return undefined;
  if (!selectsWorkload(snapshot, selector, namespace)) {
    return 'No workload stands';
  }
  const workloads = snapshot.workloadsMatching(namespace, selector);
  return workloads.length > 0 && countPods(snapshot, workloads).desired === 0
    ? 'Only workloads scaled to zero stand'
    : undefined;
}
