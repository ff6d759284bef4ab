import {
  importedServices,
  isImported,
  ProxyView,
  seenThrough,
} from './proxyView';
import { mayBeHttp } from './protocol';
import { MeshService, portOf } from './serviceModel';
import { EgressListener, importsService } from './sidecarScope';

/** One shared HTTP listener of a client: the routes of all hosts on one port. */
export interface MeshPortView {
  view: ProxyView;
  listener: EgressListener;
  port: number;
}

/** The service of a host that has the port; of several objects that define it, the last one seen. */
export function servicesOnPort(
  place: MeshPortView,
  host: string,
): MeshService[] {
  const services = importedServices(place.view, place.listener, host).filter(
    service => portOf(service, place.port),
  );
  const last = services[services.length - 1];
  return services.filter(({ object }) => object === last.object);
}

/** Whether the service gets HTTP routes on the port. */
export function isHttpOn(service: MeshService, port: number): boolean {
  const found = portOf(service, port);
  return found !== undefined && mayBeHttp(found.protocol);
}

/**
 * The services whose virtual host has this domain: by full name, by the shorter names a Kubernetes
 * client may use, by an ExternalName that stands for them, or by address. A shorter name gives way to a
 * service whose full name it is.
 *
 * Source: istio/istio pilot/pkg/networking/core generateVirtualHostDomains, dedupeDomains (1.31).
 */
export function servicesOfDomain(
  place: MeshPortView,
  domain: string,
): MeshService[] {
  const exact = concrete(place, domain, domain);
  if (exact.some(service => isHttpOn(service, place.port))) {
    return exact;
  }
  const longer = longerNames(place.view, domain).flatMap(host =>
    concrete(place, host, domain),
  );
  return [...exact, ...longer, ...servicesAtAddress(place, domain)];
}

function concrete(
  place: MeshPortView,
  host: string,
  domain: string,
): MeshService[] {
  const { view, listener } = place;
  const services = servicesOnPort(place, host).filter(
    ({ resolution }) => resolution !== 'alias',
  );
  const target = view.registry.concreteOf.get(host);
  if (target === undefined || target === domain) {
    return services;
  }
  // The alias has to be imported under the names that import the service it stands for.
  const stands = servicesOnPort(place, target).filter(service =>
    importsService(listener, { ...service, host }),
  );
  return [...services, ...stands];
}

/** Full names that the domain may be short for. */
function longerNames(view: ProxyView, domain: string): string[] {
  const cluster = view.snapshot.domain;
  if (domain.endsWith('.')) {
    return [domain.slice(0, -1)];
  }
  if (!domain.includes('.')) {
    return [`${domain}.${view.namespace}.svc.${cluster}`];
  }
  const names = [`${domain}.svc.${cluster}`];
  if (domain.endsWith('.svc') && domain.slice(0, -4).includes('.')) {
    names.push(`${domain}.${cluster}`);
  }
  return names;
}

function servicesAtAddress(
  place: MeshPortView,
  address: string,
): MeshService[] {
  const list = place.view.registry.byAddress.get(address);
  const found: MeshService[] = [];
  for (const service of seenThrough(place.view, place.listener, list)) {
    // Of a ServiceEntry with several addresses Istio serves one by address, which one is left to
    // chance: here all count.
    if (
      servicesOnPort(place, service.host).some(
        ({ object }) => object === service.object,
      )
    ) {
      found.push(service);
    }
  }
  return found;
}

/** Imported services on the port whose host the test accepts; looks at all of them. */
export function* scanPort(
  place: MeshPortView,
  accepts: (host: string) => boolean,
): Generator<MeshService> {
  const { view, listener, port } = place;
  const list = view.registry.byPort.get(port);
  for (const service of seenThrough(view, listener, list)) {
    if (accepts(service.host) && isImported(view, listener, service)) {
      yield service;
    }
  }
}
