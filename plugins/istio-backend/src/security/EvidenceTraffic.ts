import type {
  SourceError,
  TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type { TelemetryProvider } from '@istio-backstage/plugin-istio-node';
import { SharedCache } from '../caching/SharedCache';
import type { ClusterStatuses } from '../mesh/ClusterStatuses';
import { mergeObservations } from '../mesh/mergeObservations';

/** A day of traffic does not change in a minute, and costs a source far more than five minutes of it. */
const FRESH_MS = 5 * 60_000;
/** Above this an answer is waited for. */
const STALE_MS = 30 * 60_000;

/** Traffic over a long window, and what of it could not be read. */
export interface Evidence {
  observations: TrafficObservation[];
  leftOut: { cluster: string; why: string }[];
  errors: SourceError[];
}

/** Long windows of traffic, asked for rarely and shared by everybody. */
export class EvidenceTraffic {
  private readonly answers: SharedCache<TrafficObservation>;

  constructor(
    private readonly options: {
      telemetry: TelemetryProvider;
      statuses: ClusterStatuses;
      now?: () => number;
    },
  ) {
    this.answers = new SharedCache({
      freshMs: FRESH_MS,
      staleMs: STALE_MS,
      maxEntries: 500,
      now: options.now,
    });
  }

  async observe(request: {
    clusters: readonly string[];
    namespaces: readonly string[];
    seconds: number;
  }): Promise<Evidence> {
    const { clusters, namespaces, seconds } = request;
    const { statuses, telemetry } = this.options;
    const leftOut = clusters.flatMap(cluster => {
      const why = statuses.whyLeftOut(cluster);
      return why ? [{ cluster, why }] : [];
    });
    const counted = clusters.filter(
      cluster => !leftOut.some(one => one.cluster === cluster),
    );
    const observations = await Promise.all(
      counted.map(async cluster =>
        mergeObservations(
          await Promise.all(
            namespaces.map(namespace =>
              this.one({ cluster, namespace, seconds }),
            ),
          ),
        ),
      ),
    );
    return {
      observations,
      leftOut,
      errors: observations.flatMap(({ cluster, error }) =>
        error === undefined ||
        telemetry.status(cluster).state === 'notConfigured'
          ? []
          : [
              {
                cluster,
                source: 'prometheus' as const,
                message: `${error} (cluster ${cluster})`,
              },
            ],
      ),
    };
  }

  private async one(question: {
    cluster: string;
    namespace: string;
    seconds: number;
  }): Promise<TrafficObservation> {
    const key = JSON.stringify(question);
    const answer = await this.answers.get(key, () =>
      this.options.telemetry.observe(question),
    );
    // A source that fails is asked again with the next question.
    if (answer.error !== undefined) this.answers.delete(key);
    return answer;
  }
}
