import {
  bindIntent,
  formatDuration,
  type BoundIntent,
  type TrafficObservation,
  type TrafficVerdict,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import { clustersOf, joinWords, nameObject } from './changeWords';
import type { ComponentLookup } from './ComponentLookup';
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
  /** Epoch milliseconds; absent: now. */
  to?: number;
}

/** Seconds before a change that its traffic is compared with, at least. */
const EARLIER_SECONDS = 300;

const NOTHING_SHOWS =
  'Not verifiable, because the metrics do not show that a setting is gone';

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
    if (impossible || !change.intent) {
      return { is: 'unverifiable', text: impossible ?? NOTHING_SHOWS };
    }
    const window = {
      since: appliedAt + settleSeconds * 1000,
      seconds: Math.floor(age - settleSeconds),
    };
    const seen =
      window.seconds < this.shortestWindow(change)
        ? undefined
        : await this.look(change, bindIntent(change.intent), window).catch(
            (error: Error): TrafficVerdict => ({
              verdict: 'wait',
              why: error.message,
            }),
          );
    if (seen?.verdict === 'verified') {
      return { is: 'verified', text: seen.text };
    }
    if (seen?.verdict === 'impossible') {
      return {
        is: 'unverifiable',
        text: `Not verifiable, because ${seen.why}`,
      };
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
    if (change.intent) {
      return undefined;
    }
    return change.versions.length > 0
      ? 'No route shares out requests by weight any more, so traffic cannot be compared'
      : NOTHING_SHOWS;
  }

  private async look(
    change: StoredChange,
    intent: BoundIntent,
    window: Window,
  ): Promise<TrafficVerdict> {
    const { components, snapshots, minimumRequests } = this.options;
    const component = await components.findAsPortal(change.entityRef);
    const namespaces = namespacesOf(intent);
    const [observations, earlier] = await Promise.all([
      this.observe({ change, namespaces, window }),
      intent.comparesWithEarlier
        ? this.observe({
            change,
            namespaces,
            window: earlierThan(change, window),
          })
        : [],
    ]);
    const answered = observations.filter(({ error }) => error === undefined);
    if (answered.length === 0) {
      return {
        verdict: 'wait',
        why: `no metrics: ${observations[0]?.error ?? 'no source answered'}`,
      };
    }
    return intent.verify({
      versions: change.versions,
      written: change.operations.map(({ object }) => object),
      match: component.match,
      snapshots: snapshots.cached(clustersOf(change.operations)),
      observations: answered,
      earlier: earlier.filter(({ error }) => error === undefined),
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
  private observe(options: {
    change: StoredChange;
    namespaces: string[];
    window: Window;
  }): Promise<TrafficObservation[]> {
    const { change, namespaces, window } = options;
    return Promise.all(
      clustersOf(change.operations).map(cluster =>
        this.options.telemetry.observe({
          cluster,
          // More than one namespace is what only the whole cluster holds.
          namespace: namespaces.length === 1 ? namespaces[0] : undefined,
          ...window,
        }),
      ),
    );
  }
}

/** As long as the later one, up to a few minutes: what there was before says what is new since. */
function earlierThan(change: StoredChange, { since, seconds }: Window): Window {
  const appliedAt = change.appliedAt ?? since;
  const length = Math.max(seconds, EARLIER_SECONDS);
  return {
    since: appliedAt - length * 1000,
    seconds: length,
    // Without an end it would reach to now, and hold what it is compared with.
    to: appliedAt,
  };
}

function namespacesOf({ targets }: BoundIntent): string[] {
  const named = targets.flatMap(target => {
    if (target.kind === 'object') return [target.object.namespace];
    return target.kind === 'service' ? [target.namespace] : [];
  });
  return [...new Set(named)];
}
