import { fieldsOf, textsOf, timeOf } from '../../resources/fields';
import { resolveGatewayName } from '../../resources/gateway';
import { isExportedTo, resolveHost } from '../../resources/host';
import { memoizeByIdentity } from '../../resources/memoize';
import { namespacedName } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import { mergeDelegate } from './mergeDelegate';
import { perLists } from './perLists';
import { readHttpRules, readL4Rules } from './readRules';
import { DroppedRule, HttpRule, RouteTable } from './routeTable';
import { readVisibility } from './visibility';

/** Rules per object; nearly all objects of two snapshots are the same. */
const rulesOf = memoizeByIdentity((object: KubeObject) => {
  const byDomain = new Map<string, HttpRule[]>();
  return (domain: string) => {
    const known = byDomain.get(domain) ?? readHttpRules(object, domain);
    byDomain.set(domain, known);
    return known;
  };
});

const build = perLists((lists, variant): RouteTable[] => {
  const objects = lists[0] as readonly KubeObject[];
  const { domain, exportTo } = JSON.parse(variant) as {
    domain: string;
    exportTo: string[];
  };
  const delegates = new Map(
    objects
      .filter(object => readVirtualService(object).hosts.length === 0)
      .map(object => [namespacedName(object.metadata), object]),
  );
  return objects.flatMap(object => {
    const view = readVirtualService(object);
    return view.hosts.length === 0
      ? []
      : [tableOf(object, variant, { domain, exportTo, delegates })];
  });
});

/** Tables of objects without delegates: the same as long as the object is. */
const tables = new WeakMap<KubeObject, Map<string, RouteTable>>();

function tableOf(
  object: KubeObject,
  variant: string,
  options: ReadOptions,
): RouteTable {
  const kept = tables.get(object) ?? new Map<string, RouteTable>();
  tables.set(object, kept);
  const known = kept.get(variant);
  if (known) {
    return known;
  }
  const table = readTable(object, options);
  if (!readVirtualService(object).rules.some(({ delegate }) => delegate)) {
    kept.set(variant, table);
  }
  return table;
}

/** The VirtualServices of a cluster with their delegates put in their place. */
export function virtualServiceTables(
  objects: readonly KubeObject[],
  options: { domain: string; exportTo: readonly string[] },
): RouteTable[] {
  return build([objects], JSON.stringify(options));
}

interface ReadOptions {
  domain: string;
  exportTo: readonly string[];
  delegates: ReadonlyMap<string, KubeObject>;
}

function readTable(object: KubeObject, options: ReadOptions): RouteTable {
  const { domain, exportTo: fallback } = options;
  const { name, namespace = '', creationTimestamp } = object.metadata;
  const view = readVirtualService(object);
  const dropped: DroppedRule[] = [];
  const used = new Set([object]);
  const http = rulesOf(object)(domain).flatMap(rule =>
    expandDelegate(rule, { ...options, dropped, used }),
  );
  return {
    object,
    objects: [...used],
    name,
    namespace,
    created: timeOf(creationTimestamp) ?? Number.MAX_SAFE_INTEGER,
    hosts: view.hosts.map(host => resolveHost(host, { namespace, domain })),
    gateways: view.gateways.map(gateway =>
      gateway === MESH_GATEWAY
        ? gateway
        : resolveGatewayName(gateway, namespace),
    ),
    visibility: readVisibility({
      exportTo: view.exportTo,
      fallback,
      namespace,
    }),
    gatewayApi: false,
    tlsRoute: false,
    http,
    tls: readL4Rules(object, { list: 'tls', domain }),
    tcp: readL4Rules(object, { list: 'tcp', domain }),
    dropped,
  };
}

/**
 * A rule that delegates becomes the delegate's rules; what does not fit is dropped, the rest of the
 * object stays. Delegates of delegates are not followed.
 *
 * Source: istio/istio pilot/pkg/model virtualservice_controller.go mergeVirtualServices (1.31).
 */
function expandDelegate(
  rule: HttpRule,
  options: ReadOptions & { dropped: DroppedRule[]; used: Set<KubeObject> },
): HttpRule[] {
  const { domain, delegates, dropped, used, exportTo } = options;
  const delegate = fieldsOf(rule.fields.delegate);
  if (typeof delegate.name !== 'string') {
    return [rule];
  }
  const namespace = rule.object.metadata.namespace ?? '';
  const key = namespacedName({
    name: delegate.name,
    namespace:
      typeof delegate.namespace === 'string' && delegate.namespace !== ''
        ? delegate.namespace
        : namespace,
  });
  const target = delegates.get(key);
  const problem = whyNotDelegate(target, { namespace, exportTo });
  if (!target || problem) {
    dropped.push({
      ...rule,
      text: `It delegates to VirtualService ${key}, ${problem}.`,
    });
    return [];
  }
  used.add(target);
  return rulesOf(target)(domain).flatMap(inner => {
    const merged = mergeDelegate(rule, inner);
    if (!merged) {
      dropped.push({
        object: inner.object,
        path: inner.path,
        text: `Its conditions contradict those of ${
          rule.path
        } of ${namespacedName(rule.object.metadata)}, which delegates to it.`,
      });
      return [];
    }
    return [merged];
  });
}

function whyNotDelegate(
  target: KubeObject | undefined,
  options: { namespace: string; exportTo: readonly string[] },
): string | undefined {
  if (!target) {
    return 'which does not exist or has hosts of its own';
  }
  const own = textsOf(fieldsOf(target.spec).exportTo);
  return isExportedTo(own.length > 0 ? own : options.exportTo, {
    from: target.metadata.namespace ?? '',
    to: options.namespace,
  })
    ? undefined
    : 'which is not exported to its namespace';
}
