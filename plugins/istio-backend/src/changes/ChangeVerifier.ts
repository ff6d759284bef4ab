import {
  formatDuration,
  resolveTrafficSplit,
  type TrafficObservation,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import { clustersOf, joinWords, nameObject } from './changeWords';
import type { ComponentLookup } from './ComponentLookup';
import { compareWithTraffic } from './compareWithTraffic';
import { findOverwritten } from './findOverwritten';
import type { LiveSnapshots } from './LiveSnapshots';
import type { StoredChange } from './types';

/** Options of {@link ChangeVerifier}. */
export interface ChangeVerifierOptions {
  components: ComponentLookup;
  snapshots: LiveSnapshots;
  reader: MeshReader;
  telemetry: TelemetryProvider;
  /** Give up after this time. */
  giveUpSeconds: number;
  /** Proxies take a moment to get the new routes: requests before that are not counted. */
  settleSeconds: number;
  minimumRequests: number;
}

/** What traffic says about an applied change, or that it is too early to tell. */
export type Verification =
  | { is: 'verified' | 'unverifiable'; text: string }
  /** `why` is missing while it is too early to look. */
  | { is: 'open'; why?: string };

/** The time after a change in which requests are counted. */
interface Window {
  /** Epoch milliseconds. */
  since: number;
  seconds: number;
}

/** Compares traffic since a change with what the change configured. Only reads. */
export class ChangeVerifier {
  static create(options: ChangeVerifierOptions): ChangeVerifier {
    return new ChangeVerifier(options);
  }

  private constructor(private readonly options: ChangeVerifierOptions) {}

  /** `now` is the database's time, as the change's own times are. */
  async verify(change: StoredChange, now: number): Promise<Verification> {
    const { giveUpSeconds, settleSeconds } = this.options;
    const appliedAt = change.appliedAt ?? now;
    const age = (now - appliedAt) / 1000;
    const impossible = this.whyImpossible(change);
    if (impossible) {
      return { is: 'unverifiable', text: impossible };
    }
    const window = {
      since: appliedAt + settleSeconds * 1000,
      seconds: Math.floor(age - settleSeconds),
    };
    const seen =
      window.seconds < this.shortestWindow(change)
        ? undefined
        : await this.look(change, window).catch((error: Error) => ({
            verdict: 'wait' as const,
            why: error.message,
          }));
    if (seen?.verdict === 'verified') {
      return { is: 'verified', text: seen.text };
    }
    return age < giveUpSeconds
      ? { is: 'open', why: seen?.why }
      : {
          is: 'unverifiable',
          text: `Not seen in traffic within ${formatDuration(giveUpSeconds)}: ${
            seen?.why ?? 'it was not looked at'
          }`,
        };
  }

  private whyImpossible(change: StoredChange): string | undefined {
    const { reader, telemetry } = this.options;
    const overwritten = findOverwritten(change, reader);
    if (overwritten) {
      return `${nameObject(
        overwritten.object,
      )} was changed again before traffic showed this change`;
    }
    const clusters = clustersOf(change.operations);
    if (
      clusters.every(
        cluster => telemetry.status(cluster).state === 'notConfigured',
      )
    ) {
      return `No metrics are configured for ${joinWords(clusters)}`;
    }
    return change.intent && change.versions.length > 0
      ? undefined
      : 'No route shares out requests by weight any more, so traffic cannot be compared';
  }

  private async look(change: StoredChange, window: Window) {
    const { components, snapshots, minimumRequests } = this.options;
    const clusters = clustersOf(change.operations);
    const component = await components.findAsPortal(change.entityRef);
    const observations = await this.observe(change, window);
    const answered = observations.filter(({ error }) => error === undefined);
    if (answered.length === 0) {
      return {
        verdict: 'wait' as const,
        why: `no metrics: ${observations[0]?.error ?? 'no source answered'}`,
      };
    }
    const split = resolveTrafficSplit({
      match: component.match,
      snapshots: snapshots.cached(clusters),
      observations: answered,
    });
    const routes = split.routes.filter(route => isRouteOf(change, route));
    const destinations = routes.flatMap(route => route.destinations);
    const counted = destinations.some(
      ({ observedRequests }) => observedRequests !== undefined,
    );
    if (!counted && split.observed.requests > 0) {
      return {
        verdict: 'wait' as const,
        why:
          destinations.length === 0
            ? 'its route is not found'
            : 'requests of its route cannot be told from those of others',
      };
    }
    return compareWithTraffic({
      versions: change.versions,
      observed: destinations.map(({ key, observedRequests }) => ({
        key,
        requests: observedRequests ?? 0,
      })),
      minimumRequests,
    });
  }

  /** Counters grow between two samples: a shorter window holds no increase. */
  private shortestWindow(change: StoredChange): number {
    const intervals = clustersOf(change.operations).map(
      cluster => this.options.telemetry.scrapeIntervalOf(cluster) ?? 0,
    );
    return Math.max(1, ...intervals.map(interval => 2 * interval));
  }

  /**
   * Asks since the change, which stays the same question while time goes on: an answer that a busy source
   * gave after this round is there for the next one.
   */
  private observe(
    change: StoredChange,
    window: Window,
  ): Promise<TrafficObservation[]> {
    return Promise.all(
      clustersOf(change.operations).map(cluster =>
        this.options.telemetry.observe({
          cluster,
          namespace: change.intent?.params.namespace,
          ...window,
        }),
      ),
    );
  }
}

/** The route the change wrote to: the one it named, or the first of the object it made. */
function isRouteOf(change: StoredChange, route: TrafficRoute): boolean {
  const written = change.operations.some(
    ({ object }) =>
      object.kind === route.object?.kind &&
      object.namespace === route.object.namespace &&
      object.name === route.object.name,
  );
  const fieldPath = change.intent?.params.route?.fieldPath ?? 'http[0]';
  return written && route.fieldPath === fieldPath;
}
