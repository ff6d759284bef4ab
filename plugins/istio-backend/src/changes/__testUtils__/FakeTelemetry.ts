import type { TrafficObservation } from '@istio-backstage/plugin-istio-common';
import type {
  TelemetryProvider,
  TelemetrySeries,
  TelemetryStatus,
} from '@istio-backstage/plugin-istio-node';

const SERVICE = 'reviews.catalog.svc.cluster.local';

/** Traffic from storefront to reviews, as many requests per version as a test says. */
export class FakeTelemetry implements TelemetryProvider {
  /** Requests per version in each cluster, whatever the window. */
  requests: Record<string, number> = { v1: 960, v2: 240 };
  /** The same from a moment on, where a test tells them apart. */
  requestsSince?: Record<string, number>;
  /** Set: the source does not answer. */
  error?: string;
  configured = true;
  readonly asked: { cluster: string; seconds: number; since?: number }[] = [];

  async observe(options: {
    cluster: string;
    namespace?: string;
    seconds: number;
    since?: number;
  }): Promise<TrafficObservation> {
    const { cluster, seconds, since } = options;
    this.asked.push({ cluster, seconds, since });
    const counted =
      since === undefined ? this.requests : this.requestsSince ?? this.requests;
    const empty = {
      cluster,
      window: { to: Date.now(), seconds },
      requests: [],
      tcp: [],
      latency: [],
    };
    return this.error
      ? { ...empty, error: this.error }
      : {
          ...empty,
          newestSampleAt: Date.now(),
          requests: Object.entries(counted).flatMap(([version, requests]) =>
            (['source', 'destination'] as const).map(reporter => ({
              cluster,
              reporter,
              protocol: 'http' as const,
              source: { workload: 'storefront-v1', namespace: 'storefront' },
              destination: {
                workload: `reviews-${version}`,
                namespace: 'catalog',
                canonicalService: 'reviews',
                version,
              },
              destinationService: SERVICE,
              destinationServiceName: 'reviews',
              destinationServiceNamespace: 'catalog',
              responseCode: '200',
              security:
                reporter === 'source'
                  ? ('unknown' as const)
                  : ('mutual_tls' as const),
              requests,
            })),
          ),
        };
  }

  async series(): Promise<TelemetrySeries> {
    return { series: [] };
  }

  scrapeIntervalOf(): number {
    return 0.5;
  }

  status(): TelemetryStatus {
    return { state: this.configured ? 'fresh' : 'notConfigured' };
  }
}
