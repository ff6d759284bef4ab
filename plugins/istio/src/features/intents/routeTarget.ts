import type {
  ServiceMatch,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';

/** Namespace and name of the Service a route is for; undefined when the host is no Service of a cluster. */
export function resolveRouteService(
  route: TrafficRoute,
  services: ServiceMatch[] = [],
): { namespace: string; service: string } | undefined {
  const known = services.find(
    service =>
      service.host === route.host ||
      (service.name === route.host &&
        service.namespace === route.object?.namespace),
  );
  if (known) return { namespace: known.namespace, service: known.name };
  const [service, namespace] = route.host.split('.');
  if (service && namespace) return { namespace, service };
  const own = route.object?.namespace;
  return service && own ? { namespace: own, service } : undefined;
}

/** The rule as an intent names it; undefined where no object routes yet. */
export function routeParam(route: TrafficRoute) {
  const { object, fieldPath } = route;
  if (!object) return undefined;
  return {
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    fieldPath,
  };
}
