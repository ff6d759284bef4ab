import { compareText } from '../../resources/objectKey';
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
  /** When its object was created, in epoch milliseconds; the greatest number for one that is not created yet. */
  created: number;
  /** Place among the services of its object. */
  place: number;
}

/**
 * Oldest first, Istio names a ServiceEntry's services by their host; what Istio leaves open is settled so that it
 * does not depend on the order of the input.
 *
 * Source: istio/istio pilot/pkg/model SortServicesByCreationTime (1.31).
 */
export function compareServices(a: MeshService, b: MeshService): number {
  return (
    a.created - b.created ||
    compareText(sortName(a), sortName(b)) ||
    compareText(a.namespace, b.namespace) ||
    Number(a.registry === 'external') - Number(b.registry === 'external') ||
    compareText(a.object.metadata.name, b.object.metadata.name) ||
    a.place - b.place
  );
}

function sortName(service: MeshService): string {
  return service.registry === 'kubernetes'
    ? service.object.metadata.name
    : service.host;
}

/** Services in the order a namespace sees them: those exported to it by name, then public ones; each oldest first. */
export class ServiceList {
  readonly #restricted: readonly MeshService[];
  readonly #public: readonly MeshService[];

  /** Of lists that are oldest first. */
  constructor(
    restricted: readonly MeshService[],
    publicOnes: readonly MeshService[],
  ) {
    this.#restricted = restricted;
    this.#public = publicOnes;
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
        while (
          next < this.#public.length &&
          compareServices(this.#public[next], service) < 0
        ) {
          yield this.#public[next];
          next += 1;
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
