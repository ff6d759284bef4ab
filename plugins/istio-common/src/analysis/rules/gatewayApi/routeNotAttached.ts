import {
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
  type Fields,
} from '../../../resources/fields';
import { readKubernetesGateway } from '../../../resources/gateway';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { attachedParents } from '../../../mesh/route/attachedParents';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import { kubernetesListeners } from '../../../mesh/route/kubernetesListeners';
import { perLists } from '../../../mesh/route/perLists';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { parentsOf, ROUTE_KINDS } from './routeFacts';

const groupListeners = perLists(lists => {
  const groups = new Map<string, GatewayServer[]>();
  for (const server of lists[0] as readonly GatewayServer[]) {
    const key = server.listener ? namespacedName(server.listener.gateway) : '';
    groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return groups;
});

/** Source: istio/istio pilot/pkg/config/kube/gateway conversion.go referenceAllowed (1.31). */
export const routeNotAttached: Rule = {
  code: 'ISB0903',
  name: 'route-not-attached',
  title: 'No listener of the Gateway accepts a route',
  severity: 'error',
  explanation:
    'The Gateway exists, but none of its listeners takes the route: by section name, port, kind, hostname, or the namespaces that it allows. Requests that enter there are answered with 404, or by another route.',
  remedy:
    'Match the parentRef and the hostnames to a listener, or have the owner of the Gateway allow routes of this namespace.',
  equivalents: ['KIA1401'],
  subjects: ROUTE_KINDS,
  inputs: ['KubernetesGateway', 'Namespace'],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check(subject, { snapshot }) {
    const written = parentsOf(subject);
    return readGatewayApiRoute(subject).parents.flatMap((parent, index) => {
      const gateway =
        parent.kind === 'Gateway'
          ? snapshot.get('KubernetesGateway', parent.namespace, parent.name)
          : undefined;
      // Other classes have other controllers, with rules of their own.
      if (!gateway || readKubernetesGateway(gateway).className !== 'istio') {
        return [];
      }
      const reason = explain(subject, written[index], {
        snapshot,
        key: namespacedName(parent),
      });
      return reason
        ? [
            {
              message: `Gateway ${namespacedName(
                parent,
              )} does not take it: ${reason}.`,
              path: `spec.parentRefs[${index}]`,
            },
          ]
        : [];
    });
  },
};

/** The first reason that leaves no listener; undefined where one accepts the route. */
function explain(
  route: KubeObject,
  ref: Fields,
  { snapshot, key }: { snapshot: MeshSnapshot; key: string },
): string | undefined {
  const all = groupListeners([kubernetesListeners(snapshot)]).get(key) ?? [];
  const alone = { ...route, spec: { ...route.spec, parentRefs: [ref] } };
  const isAttached =
    attachedParents(alone, {
      domain: snapshot.domain,
      listeners: new Map([[key, all]]),
      services: new Set(),
      serviceEntries: new Map(),
    }).length > 0;
  if (isAttached) return undefined;
  if (all.length === 0) return 'it has no listener that works';
  const section = textOf(ref.sectionName);
  const port = numberOf(ref.port);
  const named = all.filter(
    ({ listener }) => section === undefined || listener?.section === section,
  );
  if (named.length === 0) return `it has no listener named ${section}`;
  const onPort = named.filter(
    server => port === undefined || server.port === port,
  );
  if (onPort.length === 0) return `no listener is on port ${port}`;
  const ofKind = onPort.filter(({ listener }) =>
    listener?.kinds.includes(route.kind),
  );
  if (ofKind.length === 0) return `no listener takes a ${route.kind}`;
  const hostnames = textsOf(fieldsOf(route.spec).hostnames);
  const fits = ofKind.some(({ listener }) =>
    (hostnames.length > 0 ? hostnames : ['*']).some(host =>
      hostsOverlap(listener?.hostname || '*', host.toLowerCase()),
    ),
  );
  return fits
    ? `it allows no routes from namespace ${route.metadata.namespace}`
    : `no listener is for ${hostnames.join(', ')}`;
}
