import { fieldsOf, textsOf } from '../../resources/fields';
import { compareText, namespacedName } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import {
  AttachedParent,
  attachedParents,
  isAllowedByIsolation,
  ParentContext,
} from './attachedParents';
import { limitToPort, readRouteRules, sortRules } from './gatewayApiRules';
import { l4Tables } from './gatewayApiL4Tables';
import {
  backendContext,
  createdOf,
  emptyTable,
  TableContext,
} from './gatewayApiTable';
import { kubernetesListeners } from './kubernetesListeners';
import { meshDefaults } from './meshDefaults';
import { perLists } from './perLists';
import { HttpRule, RouteTable } from './routeTable';

const build = perLists((lists, variant): readonly RouteTable[] => {
  const [http, grpc, tcp, tls, grants, services, entries, listeners] =
    lists as [
      ...(readonly KubeObject[])[],
      ReturnType<typeof kubernetesListeners>,
    ];
  const { domain, exportTo } = JSON.parse(variant) as {
    domain: string;
    exportTo: string[];
  };
  const context: TableContext = {
    domain,
    exportTo,
    grants: grants as readonly KubeObject[],
    listeners: groupListeners(
      listeners as ReturnType<typeof kubernetesListeners>,
    ),
    services: new Set(
      (services as readonly KubeObject[]).map(({ metadata }) =>
        namespacedName(metadata),
      ),
    ),
    serviceEntries: new Map(
      (entries as readonly KubeObject[]).map(object => [
        namespacedName(object.metadata),
        textsOf(fieldsOf(object.spec).hosts).map(host => host.toLowerCase()),
      ]),
    ),
  };
  return [
    ...httpTables([...http, ...grpc] as KubeObject[], context),
    ...l4Tables([...tcp, ...tls] as KubeObject[], context),
  ];
});

/**
 * Gateway API routes as route tables: one per host of each parent, rules of several routes put together
 * in Gateway API's order.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway route_collections.go (1.31).
 */
export function gatewayApiTables(
  snapshot: MeshSnapshot,
): readonly RouteTable[] {
  return build(
    [
      snapshot.list('HTTPRoute'),
      snapshot.list('GRPCRoute'),
      snapshot.list('TCPRoute'),
      snapshot.list('TLSRoute'),
      snapshot.list('ReferenceGrant'),
      snapshot.list('Service'),
      snapshot.list('ServiceEntry'),
      kubernetesListeners(snapshot),
    ],
    JSON.stringify({
      domain: snapshot.domain,
      exportTo: meshDefaults(snapshot).virtualServiceExportTo,
    }),
  );
}

function groupListeners(
  listeners: ReturnType<typeof kubernetesListeners>,
): ParentContext['listeners'] {
  const groups = new Map<string, (typeof listeners)[number][]>();
  for (const server of listeners) {
    const key = server.listener ? namespacedName(server.listener.gateway) : '';
    const list = groups.get(key);
    if (list) {
      list.push(server);
    } else {
      groups.set(key, [server]);
    }
  }
  return groups;
}

/** Rules of one route for one host of one parent, before routes are put together. */
interface Part {
  key: string;
  host: string;
  gateway: string;
  object: KubeObject;
  rules: HttpRule[];
  position: number;
}

function httpTables(
  routes: readonly KubeObject[],
  context: TableContext,
): RouteTable[] {
  const byKey = new Map<string, Part[]>();
  for (const object of routes) {
    for (const part of partsOf(object, context)) {
      const list = byKey.get(part.key);
      if (list) {
        list.push(part);
      } else {
        byKey.set(part.key, [part]);
      }
    }
  }
  return [...byKey.values()].map(parts => mergeParts(parts, context));
}

function partsOf(object: KubeObject, context: TableContext): Part[] {
  const parents = attachedParents(object, context);
  const rulesAt = (needsGrant: boolean) =>
    readRouteRules(object, backendContext(context, needsGrant));
  let meshRules = rulesAt(false);
  const gatewayRules = rulesAt(true);
  const hostnames = textsOf(fieldsOf(object.spec).hostnames);
  const parts: Part[] = [];
  for (const parent of parents) {
    const inMesh = parent.meshHosts !== undefined;
    // istiod sorts the rules that all parents in the mesh share where one without port has its turn; a
    // parent with port makes its own of them as they are then (sortHTTPRoutes, augmentPortMatch).
    if (inMesh && parent.port === undefined) {
      meshRules = sortRules(meshRules);
    }
    const rules = inMesh ? meshRulesOf(meshRules, parent) : gatewayRules;
    if (rules.length > 0) {
      const hosts =
        parent.meshHosts ?? (hostnames.length > 0 ? hostnames : ['*']);
      for (const host of hosts.filter(item =>
        isAllowedByIsolation(parent, item),
      )) {
        parts.push({
          key: `${routeKey(object, parent)}/${host}`,
          host: host.toLowerCase(),
          gateway: parent.gateway,
          object,
          rules: sortRules(rules),
          position: parts.length,
        });
      }
    }
  }
  return parts;
}

function meshRulesOf(rules: HttpRule[], parent: AttachedParent): HttpRule[] {
  return parent.port === undefined ? rules : limitToPort(rules, parent.port);
}

function routeKey(object: KubeObject, parent: AttachedParent): string {
  if (parent.meshHosts === undefined) {
    return parent.gateway;
  }
  const { namespace = '' } = object.metadata;
  return parent.port === undefined ? namespace : `${namespace}/${parent.port}`;
}

function mergeParts(parts: readonly Part[], context: TableContext): RouteTable {
  const ordered = [...parts].sort(
    (a, b) =>
      createdOf(a.object) - createdOf(b.object) ||
      compareText(
        a.object.metadata.namespace ?? '',
        b.object.metadata.namespace ?? '',
      ) ||
      compareText(
        `${a.object.metadata.name}~${a.position}`,
        `${b.object.metadata.name}~${b.position}`,
      ),
  );
  const [{ object, key, host, gateway }] = ordered;
  return emptyTable(object, {
    name: key.replaceAll('/', '~'),
    host,
    gateway,
    objects: [...new Set(ordered.map(part => part.object))],
    exportTo: context.exportTo,
    http: sortRules(ordered.flatMap(({ rules }) => rules)),
  });
}
