import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';

interface Destination {
  host?: string;
  subset?: string;
  port?: { number?: number };
}

interface RoutingSpec {
  host?: string;
  hosts?: string[];
  gateways?: string[];
  exportTo?: string[];
  subsets?: { name: string }[];
  http?: {
    match?: { gateways?: string[] }[];
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
  const { http = [], tcp = [], tls = [] } = routingOf(object);
  const routes = [...http, ...tcp, ...tls].flatMap(({ route = [] }) =>
    route.map(({ destination }) => destination),
  );
  const mirrors = http.flatMap(({ mirror, mirrors: several = [] }) => [
    mirror,
    ...several.map(({ destination }) => destination),
  ]);
  return [...routes, ...mirrors].flatMap(destination =>
    destination?.host
      ? [{ ...destination, host: fullHost(object, destination.host) }]
      : [],
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

/** Whether a VirtualService names a gateway that nobody declared under just that name. */
export function lacksGateway(object: KubeObject, world: World): boolean {
  return (routingOf(object).gateways ?? []).some(
    name => name !== 'mesh' && !findGateway(object, world, name),
  );
}

function findGateway(
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
