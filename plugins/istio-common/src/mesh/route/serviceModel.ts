import { Labels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { PortProtocol } from './protocol';
import { Visibility } from './visibility';

/** One port of a service of the mesh. */
export interface MeshPort {
  number: number;
  name?: string;
  protocol: PortProtocol;
}

/** How the endpoints of a service are found. */
export type Resolution =
  | 'static'
  | 'passthrough'
  | 'dns'
  | 'dynamicDns'
  | 'alias';

/** One entry of Istio's service registry: a Service, or one host and address of a ServiceEntry. */
export interface MeshService {
  /** Lower case. */
  host: string;
  namespace: string;
  registry: 'kubernetes' | 'external';
  resolution: Resolution;
  /** Host an ExternalName Service stands for. */
  aliasOf?: string;
  /** Addresses clients dial; empty: none of its own. */
  addresses: readonly string[];
  /** Address range of a ServiceEntry that names one. */
  cidr?: string;
  ports: readonly MeshPort[];
  visibility: Visibility;
  /** exportTo as declared: services that differ in it are never put together. */
  declaredExportTo: string;
  /** Whether it states endpoints of its own, or its name is one (DNS). */
  hasEndpoints: boolean;
  /** Pods or WorkloadEntries behind it; undefined: endpoints come from elsewhere. */
  selector?: Labels;
  labels: Labels;
  object: KubeObject;
  /** Place by age among all services. */
  order: number;
}

/** Services in the order a namespace sees them: those exported to it by name, then public ones; each oldest first. */
export class ServiceList {
  readonly #restricted: MeshService[] = [];
  readonly #public: MeshService[] = [];

  add(service: MeshService): void {
    if (service.visibility === 'public') {
      this.#public.push(service);
    } else if (service.visibility !== 'none') {
      this.#restricted.push(service);
    }
  }

  *seenBy(namespace: string): Generator<MeshService> {
    for (const service of this.#restricted) {
      if (isVisible(service, namespace)) {
        yield service;
      }
    }
    yield* this.#public;
  }

  /** The same services, all of them oldest first. */
  *oldestFirst(namespace: string): Generator<MeshService> {
    let next = 0;
    for (const service of this.#restricted) {
      if (isVisible(service, namespace)) {
        for (; this.#public[next]?.order < service.order; next += 1) {
          yield this.#public[next];
        }
        yield service;
      }
    }
    for (; next < this.#public.length; next += 1) {
      yield this.#public[next];
    }
  }
}

/** Whether the service is exported to the namespace. */
export function isVisible(service: MeshService, namespace: string): boolean {
  const { visibility } = service;
  return (
    visibility === 'public' ||
    (visibility !== 'none' && visibility.has(namespace))
  );
}

/** The port of that number, first declared first. */
export function portOf(
  service: MeshService,
  number: number,
): MeshPort | undefined {
  return service.ports.find(port => port.number === number);
}
