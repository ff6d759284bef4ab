import { memoizeByIdentity } from '../../resources/memoize';
import type {
  RequestSample,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
} from '../../telemetry/types';

/** What was observed of one end. */
export interface ObservedSamples {
  requests: readonly RequestSample[];
  tcp: readonly TcpSample[];
}

interface Named {
  namespace?: string;
  name: string;
}

const NOTHING: ObservedSamples = { requests: [], tcp: [] };

/** The samples of a window by workload and host, so that no subject walks all of them. */
export class ObservedTraffic {
  readonly #to = new Map<string, Samples>();
  readonly #from = new Map<string, Samples>();
  readonly #toHost = new Map<string, RequestSample[]>();

  constructor(observation: TrafficObservation) {
    for (const sample of observation.requests) {
      collect(this.#to, sample.destination).requests.push(sample);
      collect(this.#from, sample.source).requests.push(sample);
      const host = sample.destinationService;
      if (host !== undefined) {
        const list = this.#toHost.get(host);
        if (list) list.push(sample);
        else this.#toHost.set(host, [sample]);
      }
    }
    for (const sample of observation.tcp) {
      collect(this.#to, sample.destination).tcp.push(sample);
      collect(this.#from, sample.source).tcp.push(sample);
    }
  }

  /** Every reporter's samples of what the workload was sent. */
  to(workload: Named): ObservedSamples {
    return this.#to.get(`${workload.namespace}/${workload.name}`) ?? NOTHING;
  }

  /** Every reporter's samples of what the workload sent. */
  from(workload: Named): ObservedSamples {
    return this.#from.get(`${workload.namespace}/${workload.name}`) ?? NOTHING;
  }

  /** Every reporter's requests to the host. */
  toHost(host: string): readonly RequestSample[] {
    return this.#toHost.get(host) ?? [];
  }
}

interface Samples {
  requests: RequestSample[];
  tcp: TcpSample[];
}

function collect(
  index: Map<string, Samples>,
  { namespace, workload }: TelemetryPeer,
): Samples {
  const key = `${namespace}/${workload}`;
  const known = index.get(key);
  if (known) return known;
  const samples: Samples = { requests: [], tcp: [] };
  index.set(key, samples);
  return samples;
}

/** The index of an observation, built once. */
export const indexTraffic = memoizeByIdentity(
  (observation: TrafficObservation) => new ObservedTraffic(observation),
);
