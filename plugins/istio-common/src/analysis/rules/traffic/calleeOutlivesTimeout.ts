import { selectMeshRoutes } from '../../../mesh/traffic/selectMeshRoutes';
import { textOf } from '../../../resources/fields';
import { resolveHost, serviceOfHost } from '../../../resources/host';
import { memoizeByIdentity } from '../../../resources/memoize';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import { parseDuration } from '../../../validation/rules/durations';
import { listCalledHosts } from '../../facts/calledHosts';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

interface Timeout {
  /** As it is written: `2s`. */
  text: string;
  nanoseconds: number;
  fieldPath: string;
}

/** Of each HTTP rule; undefined for one that waits without limit. */
const timeoutsOf = memoizeByIdentity(
  (virtualService: KubeObject): (Timeout | undefined)[] =>
    readVirtualService(virtualService)
      .rules.filter(({ protocol }) => protocol === 'http')
      .map(({ fieldPath, fields }) => {
        const text = textOf(fields.timeout) ?? '';
        const nanoseconds = parseDuration(text) ?? 0;
        return nanoseconds > 0
          ? { text, nanoseconds, fieldPath: `spec.${fieldPath}.timeout` }
          : undefined;
      }),
);

/** The shortest time that any rule for the host waits; undefined where one waits without limit or none is set. */
function shortestTimeout(
  snapshot: MeshSnapshot,
  call: { host: string; clientNamespace: string },
): Timeout | undefined {
  const routes = selectMeshRoutes({ snapshot, ...call });
  if (routes?.by !== 'virtualService') return undefined;
  const timeouts = timeoutsOf(routes.object);
  return timeouts.reduce(
    (shortest, timeout) =>
      shortest && timeout
        ? [shortest, timeout].sort((a, b) => a.nanoseconds - b.nanoseconds)[0]
        : undefined,
    timeouts[0],
  );
}

function shortName(host: string): string {
  return host.split('.')[0];
}

/** Source: istio.io reference HTTPRoute.timeout: each proxy counts for the calls of its own workload. */
export const calleeOutlivesTimeout: Rule = {
  code: 'ISB1208',
  name: 'traffic-callee-outlives-timeout',
  title:
    'A service waits longer for its own calls than its callers wait for it',
  severity: 'info',
  explanation:
    'The callers get a 504 when their time is over, while the service goes on waiting for what it called. When that is slow, the service works for answers that nobody takes any more, and its callers retry meanwhile.',
  remedy:
    'Let the time limits get shorter along the path: lower the timeout of the route to the service that is called, or raise the one of the route to the service itself.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [...WORKLOAD_KINDS, 'Service', 'HTTPRoute', 'GRPCRoute'],
  reach: 'mesh',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const { hosts, gateways } = readVirtualService(subject);
    const own = timeoutsOf(subject).filter(timeout => timeout !== undefined);
    if (!traffic || own.length === 0 || !gateways.includes(MESH_GATEWAY)) {
      return [];
    }
    const { domain } = snapshot;
    const namespace = subject.metadata.namespace ?? '';
    return hosts.flatMap(written => {
      const host = resolveHost(written, { namespace, domain });
      const clientNamespace = serviceOfHost(host, domain)?.namespace ?? '';
      return listCalledHosts({ snapshot, traffic }, host)
        .filter(called => called !== host)
        .flatMap(called => {
          const further = shortestTimeout(snapshot, {
            host: called,
            clientNamespace,
          });
          return own
            .filter(
              ({ nanoseconds }) =>
                further !== undefined && further.nanoseconds > nanoseconds,
            )
            .map(({ text, fieldPath }) => ({
              message: `Callers wait ${text} for ${shortName(
                host,
              )}, which waits ${further?.text} and more for ${shortName(
                called,
              )}.`,
              path: fieldPath,
            }));
        });
    });
  },
};
