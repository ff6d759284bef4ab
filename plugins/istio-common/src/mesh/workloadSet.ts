import { RequestSample, TelemetryPeer } from '../telemetry/types';

type Addressed = Pick<
  RequestSample,
  'destination' | 'destinationServiceName' | 'destinationServiceNamespace'
>;

interface Named {
  namespace: string;
  name: string;
}

/** What a component is made of; an entity's match, or one workload. */
export interface OwnEnds {
  workloads: readonly Named[];
  services: readonly Named[];
}

/**
 * Tells a component's own ends of traffic. By namespace and name over all clusters: a request that crosses
 * clusters is reported in both, each time with the same names.
 */
export class WorkloadSet {
  readonly #workloads: ReadonlySet<string>;
  readonly #services: ReadonlySet<string>;

  constructor(match: OwnEnds) {
    this.#workloads = new Set(
      match.workloads.map(({ namespace, name }) => `${namespace}/${name}`),
    );
    this.#services = new Set(
      match.services.map(({ namespace, name }) => `${namespace}/${name}`),
    );
  }

  hasWorkload(peer: TelemetryPeer): boolean {
    return this.#workloads.has(`${peer.namespace}/${peer.workload}`);
  }

  hasService(sample: Addressed): boolean {
    return this.#services.has(
      `${sample.destinationServiceNamespace}/${sample.destinationServiceName}`,
    );
  }

  /** Reached one of its pods, or was addressed to its Service and reached none. */
  receives(sample: Addressed): boolean {
    return sample.destination.workload === undefined
      ? this.hasService(sample)
      : this.hasWorkload(sample.destination);
  }
}
