import {
  fieldsListOf,
  fieldsOf,
  isFields,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { compareByAge } from '../../resources/objectKey';
import { Labels, matchesLabels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { hostsOverlap, isCovered, isWildcard } from './hostPatterns';
import { perLists } from './perLists';
import { parseProtocol, PortProtocol } from './protocol';
import { MeshService } from './serviceModel';
import { RouteTable } from './routeTable';

/** Hosts that an egress listener imports from one namespace. */
interface HostImports {
  exact: ReadonlySet<string>;
  wildcards: readonly string[];
  excluded: readonly string[];
}

/** One egress listener of a Sidecar, or the one that stands for none. */
export interface EgressListener {
  /** `spec.egress[0]`; undefined for the listener Istio makes up. */
  path?: string;
  port?: { number: number; protocol: PortProtocol };
  bind?: string;
  /** Whether it listens on its port instead of catching redirected connections. */
  bound: boolean;
  /** Whether it names each host it imports, and its namespace, in full. */
  exactOnly: boolean;
  /** By namespace, `*` for any. */
  imports: ReadonlyMap<string, HostImports>;
}

/** What a client's proxy gets to see. */
export interface SidecarScope {
  /** Undefined where no Sidecar is in force. */
  sidecar?: KubeObject;
  listeners: readonly EgressListener[];
  /** `ALLOW_ANY`, `REGISTRY_ONLY`; undefined: the mesh's. */
  outboundMode?: string;
  /** Where requests to unknown hosts are sent instead. */
  egressProxy?: Readonly<Record<string, unknown>>;
}

const EVERYTHING: SidecarScope = {
  listeners: [
    {
      bound: false,
      exactOnly: false,
      imports: new Map([
        ['*', { exact: new Set(), wildcards: ['*'], excluded: [] }],
      ]),
    },
  ],
};

interface SidecarIndex {
  byNamespace: ReadonlyMap<string, readonly KubeObject[]>;
  root?: KubeObject;
}

const buildIndex = perLists((lists, rootNamespace): SidecarIndex => {
  const ordered = [...(lists[0] as readonly KubeObject[])].sort(
    (a, b) =>
      Number(hasSelector(b)) - Number(hasSelector(a)) || compareByAge(a, b),
  );
  const byNamespace = new Map<string, KubeObject[]>();
  for (const object of ordered) {
    const namespace = object.metadata.namespace ?? '';
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), object]);
  }
  const root = (byNamespace.get(rootNamespace) ?? []).find(
    object => !hasSelector(object),
  );
  return root ? { byNamespace, root } : { byNamespace };
});

function hasSelector(object: KubeObject): boolean {
  return isFields(fieldsOf(object.spec).workloadSelector);
}

/**
 * The Sidecar in force for a workload: the oldest of its namespace that selects it, else the oldest one
 * without selector, else the root namespace's, else none.
 *
 * Source: istio/istio pilot/pkg/model PushContext.doGetSidecarScope, initSidecarScopes (1.31).
 */
export function sidecarScope(
  snapshot: MeshSnapshot,
  client: { namespace: string; labels: Labels },
): SidecarScope {
  const { byNamespace, root } = buildIndex(
    [snapshot.list('Sidecar')],
    snapshot.rootNamespace,
  );
  const sidecar =
    (byNamespace.get(client.namespace) ?? []).find(object =>
      selects(object, client.labels),
    ) ?? root;
  return sidecar ? scopeOf(sidecar, client.namespace) : EVERYTHING;
}

/** Gateways see everything that is exported to them. */
export function gatewayScope(): SidecarScope {
  return EVERYTHING;
}

function selects(object: KubeObject, labels: Labels): boolean {
  const { workloadSelector } = fieldsOf(object.spec);
  return matchesLabels(labelsOf(fieldsOf(workloadSelector).labels), labels);
}

const scopes = new WeakMap<KubeObject, Map<string, SidecarScope>>();

/** `.` means another namespace for each client of a root namespace's Sidecar. */
function scopeOf(sidecar: KubeObject, namespace: string): SidecarScope {
  const byNamespace = scopes.get(sidecar) ?? new Map<string, SidecarScope>();
  scopes.set(sidecar, byNamespace);
  const known = byNamespace.get(namespace);
  if (known) {
    return known;
  }
  const scope = readScope(sidecar, namespace);
  byNamespace.set(namespace, scope);
  return scope;
}

function readScope(sidecar: KubeObject, namespace: string): SidecarScope {
  const spec = fieldsOf(sidecar.spec);
  const egress = fieldsListOf(spec.egress);
  const scope: SidecarScope = {
    sidecar,
    listeners:
      egress.length === 0
        ? EVERYTHING.listeners
        : egress.map((listener, index) =>
            readListener(listener, `spec.egress[${index}]`, namespace),
          ),
  };
  const policy = spec.outboundTrafficPolicy;
  if (!isFields(policy)) {
    return scope;
  }
  // REGISTRY_ONLY is the zero value of Istio's enum: a policy without mode means it.
  scope.outboundMode = textOf(policy.mode) ?? 'REGISTRY_ONLY';
  return isFields(policy.egressProxy)
    ? { ...scope, egressProxy: policy.egressProxy }
    : scope;
}

function readListener(
  fields: Readonly<Record<string, unknown>>,
  path: string,
  namespace: string,
): EgressListener {
  const port = fieldsOf(fields.port);
  const number = numberOf(port.number);
  const bind = textOf(fields.bind);
  const imports = readImports(textsOf(fields.hosts), namespace);
  return {
    path,
    ...(number === undefined
      ? {}
      : { port: { number, protocol: parseProtocol(textOf(port.protocol)) } }),
    ...(bind === undefined ? {} : { bind }),
    bound: fields.captureMode === 'NONE',
    exactOnly:
      (imports.get('*')?.exact.size ?? 0) === 0 &&
      [...imports.values()].every(({ wildcards }) => wildcards.length === 0),
    imports,
  };
}

/** Source: istio/istio pilot/pkg/model/sidecar.go convertIstioListenerToWrapper (1.31). */
function readImports(
  hosts: readonly string[],
  namespace: string,
): EgressListener['imports'] {
  const imports = new Map<
    string,
    { exact: Set<string>; wildcards: string[]; excluded: string[] }
  >();
  for (const host of hosts) {
    const [written, name, ...rest] = host.split('/');
    if (name === undefined || rest.length > 0) {
      continue;
    }
    const excluded = written.startsWith('~');
    const place = excluded ? written.slice(1) || '*' : written;
    const key = place === '.' ? namespace : place;
    const entry = imports.get(key) ?? {
      exact: new Set<string>(),
      wildcards: [],
      excluded: [],
    };
    imports.set(key, entry);
    if (excluded) {
      entry.excluded.push(name);
    } else if (isWildcard(name)) {
      entry.wildcards.push(name);
    } else {
      entry.exact.add(name);
    }
  }
  return imports;
}

function isExcluded(entry: HostImports | undefined, host: string): boolean {
  return entry?.excluded.some(name => isCovered(host, name)) ?? false;
}

function coversService(entry: HostImports | undefined, host: string): boolean {
  return (
    entry !== undefined &&
    (entry.exact.has(host) ||
      entry.wildcards.some(name => isCovered(host, name)))
  );
}

/** Whether the listener imports the service. */
export function importsService(
  listener: EgressListener,
  service: MeshService,
): boolean {
  const own = listener.imports.get(service.namespace);
  const any = listener.imports.get('*');
  return (
    !isExcluded(own, service.host) &&
    !isExcluded(any, service.host) &&
    (coversService(own, service.host) || coversService(any, service.host))
  );
}

/**
 * Whether the listener imports the table: any of its hosts will do, and then all of them come along. A
 * wildcard host of a VirtualService is imported by any name it covers.
 *
 * Source: istio/istio pilot/pkg/model SelectVirtualServices, hostClassification.VSMatches (1.31).
 */
export function importsTable(
  listener: EgressListener,
  table: RouteTable,
): boolean {
  const own = listener.imports.get(table.namespace);
  const any = listener.imports.get('*');
  return table.hosts.some(
    host =>
      !isExcluded(own, host) &&
      !isExcluded(any, host) &&
      (coversTable(own, table, host) || coversTable(any, table, host)),
  );
}

function coversTable(
  entry: HostImports | undefined,
  table: RouteTable,
  host: string,
): boolean {
  if (entry === undefined) {
    return false;
  }
  if (entry.exact.has(host)) {
    return true;
  }
  const fits = table.gatewayApi ? isCovered : hostsOverlap;
  return (
    entry.wildcards.some(name => fits(host, name)) ||
    (isWildcard(host) &&
      !table.gatewayApi &&
      [...entry.exact].some(name => hostsOverlap(host, name)))
  );
}
