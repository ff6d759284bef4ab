import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';

interface Destination {
  host?: string;
  subset?: string;
  port?: { number?: number };
}

/** A condition of a rule, as far as istioctl compares them. */
export interface WrittenMatch {
  name?: string;
  uri?: { prefix?: string };
  gateways?: string[];
  sourceLabels?: object;
  sourceNamespace?: string;
  [field: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

interface RoutingSpec {
  host?: string;
  hosts?: string[];
  gateways?: string[];
  exportTo?: string[];
  subsets?: { name: string; labels?: Labels; trafficPolicy?: object }[];
  selector?: Labels;
  workloadSelector?: { labels?: Labels };
  servers?: {
    port?: { number?: number };
    hosts?: string[];
    bind?: string;
    tls?: { credentialName?: string };
  }[];
  http?: {
    match?: WrittenMatch[];
    route?: { destination?: Destination }[];
    delegate?: object;
    mirror?: Destination;
    mirrors?: { destination?: Destination }[];
  }[];
  tcp?: { route?: { destination?: Destination }[] }[];
  tls?: { route?: { destination?: Destination }[] }[];
}

/** The fields of a VirtualService, ServiceEntry or DestinationRule that differences are about. */
export const routingOf = (object: KubeObject) =>
  (object.spec ?? {}) as RoutingSpec;

/** A host in full, as an object of this namespace means it. */
export function fullHost(object: KubeObject, host: string): string {
  return host.includes('.') || host.startsWith('*')
    ? host
    : `${host}.${object.metadata.namespace}.svc.cluster.local`;
}

/** All destinations of a VirtualService, their hosts in full. */
export function destinationsOf(object: KubeObject): Destination[] {
  return writtenDestinations(object).map(destination => ({
    ...destination,
    host: fullHost(object, destination.host ?? ''),
  }));
}

/** All destinations of a VirtualService, as written. */
export function writtenDestinations(object: KubeObject): Destination[] {
  const { http = [], tcp = [], tls = [] } = routingOf(object);
  const routes = [...http, ...tcp, ...tls].flatMap(({ route = [] }) =>
    route.map(({ destination }) => destination),
  );
  const mirrors = http.flatMap(({ mirror, mirrors: several = [] }) => [
    mirror,
    ...several.map(({ destination }) => destination),
  ]);
  return [...routes, ...mirrors].flatMap(destination =>
    destination?.host ? [destination] : [],
  );
}

/** Services and ServiceEntries that declare a host, those by a wildcard among them. */
export function declaring(world: World, host: string): KubeObject[] {
  return world.objects.filter(object => {
    if (object.kind === 'Service') {
      return fullHost(object, object.metadata.name) === host;
    }
    return (
      object.kind === 'ServiceEntry' &&
      (routingOf(object).hosts ?? []).some(
        own =>
          own === host || (own.startsWith('*') && host.endsWith(own.slice(1))),
      )
    );
  });
}

/** Whether somebody limited who sees it. */
export function isLimited(object: KubeObject): boolean {
  const { exportTo = [] } = routingOf(object);
  const annotated =
    object.metadata.annotations?.['networking.istio.io/exportTo'];
  return exportTo.length > 0 || annotated !== undefined;
}

/** Whether all of the labels are there. */
export function carries(labels: Labels | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => labels?.[name] === value,
  );
}

/** Whether the pods of a Deployment would carry the labels, be they there or not. */
export function isPlanned(
  world: World,
  wanted: Labels,
  namespace?: string,
): boolean {
  return world.objects.some(({ kind, metadata, spec }) => {
    const { template } = (spec ?? {}) as {
      template?: { metadata?: { labels?: Labels } };
    };
    return (
      kind === 'Deployment' &&
      (namespace === undefined || metadata.namespace === namespace) &&
      carries(template?.metadata?.labels, wanted)
    );
  });
}

/** Objects of a kind of Istio's. */
export function listOf(world: World, kind: string): KubeObject[] {
  return world.objects.filter(
    object =>
      object.kind === kind &&
      object.apiVersion.split('/')[0].endsWith('.istio.io'),
  );
}

/** Whether a VirtualService names a gateway that nobody declared under just that name. */
export function lacksGateway(object: KubeObject, world: World): boolean {
  return (routingOf(object).gateways ?? []).some(
    name => name !== 'mesh' && !findGateway(object, world, name),
  );
}

/** The Gateway that istioctl takes a name for: it does not know \`./\`. */
export function findGateway(
  object: KubeObject,
  world: World,
  name: string,
): KubeObject | undefined {
  const full = name.includes('/')
    ? name
    : `${object.metadata.namespace}/${name}`;
  return world.objects.find(
    ({ apiVersion, kind, metadata }) =>
      kind === 'Gateway' &&
      apiVersion.startsWith('networking.istio.io/') &&
      `${metadata.namespace}/${metadata.name}` === full,
  );
}

/** Labels of the namespace an object is in; none where nobody declared it. */
export function namespaceLabels(
  object: KubeObject,
  world: World,
): Readonly<Record<string, string>> {
  const found = world.objects.find(
    ({ kind, metadata }) =>
      kind === 'Namespace' && metadata.name === object.metadata.namespace,
  );
  return found?.metadata.labels ?? {};
}
