import {
  ClusterStatus,
  formatTime,
  isOptionalKind,
  KIND_NAMES,
  MeshSnapshot,
  SourceError,
} from '@istio-backstage/plugin-istio-common';
import type {
  ClusterState,
  MeshReader,
  TelemetryProvider,
  TelemetryStatus,
} from '@istio-backstage/plugin-istio-node';

/** What is known about the clusters themselves: who answers, how old the data is, what is missing. */
export class ClusterStatuses {
  constructor(
    private readonly options: {
      reader: MeshReader;
      telemetry: TelemetryProvider;
    },
  ) {}

  names(): string[] {
    return this.options.reader.clusters().map(({ name }) => name);
  }

  stateOf(cluster: string): ClusterState | undefined {
    return this.options.reader.clusters().find(({ name }) => name === cluster);
  }

  describe(clusters: readonly string[]): ClusterStatus[] {
    return this.options.reader
      .clusters()
      .filter(({ name }) => clusters.includes(name))
      .map(state => this.describeOne(state));
  }

  /** Whether traffic of the cluster may be counted and its objects changed. */
  isCurrent(cluster: string): boolean {
    return this.stateOf(cluster)?.state === 'fresh';
  }

  /** Why a cluster's traffic is not in the sums; undefined when it is. */
  whyLeftOut(cluster: string): string | undefined {
    const state = this.stateOf(cluster);
    switch (state?.state) {
      case 'fresh':
        return undefined;
      case 'starting':
        return 'it is being read for the first time';
      case 'stale':
        return `no answer since ${formatTime(state.asOf ?? 0)}`;
      default:
        return 'it has not answered yet';
    }
  }

  /** A sentence per cluster that does not answer. */
  errors(clusters: readonly string[]): SourceError[] {
    return clusters.flatMap(cluster => {
      const state = this.stateOf(cluster);
      const message = state && describeProblem(state);
      return message
        ? [{ cluster, source: 'kubernetes' as const, message }]
        : [];
    });
  }

  private describeOne(state: ClusterState): ClusterStatus {
    const { name, asOf, message, istioVersion } = state;
    const snapshot = this.options.reader.snapshot(name);
    return {
      name,
      state: state.state,
      ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
      ...(message && { message }),
      ...(istioVersion && { istioVersion }),
      metrics: describeMetrics(
        asAsked(this.options.telemetry.status(name), state.state),
      ),
      missingKinds: snapshot ? missingKindsOf(snapshot) : [],
    };
  }
}

function describeProblem(state: ClusterState): string | undefined {
  const reason = state.message ? ` ${state.message}.` : '';
  switch (state.state) {
    case 'stale':
      return `Cluster ${state.name} has not answered since ${formatTime(
        state.asOf ?? 0,
      )}.${reason} Its data is shown as it was then`;
    case 'unreachable':
      return `Nothing of cluster ${state.name} is shown. ${
        state.message ?? 'It has not answered yet'
      }`;
    case 'starting':
      return `Cluster ${state.name} is being read for the first time`;
    default:
      return undefined;
  }
}

/** Of a cluster that does not answer metrics are not asked for: no first answer will come, a last one grows old. */
function asAsked(
  status: TelemetryStatus,
  cluster: ClusterState['state'],
): TelemetryStatus {
  const asked = cluster === 'fresh' || cluster === 'starting';
  return !asked && (status.state === 'fresh' || status.state === 'starting')
    ? {
        ...status,
        state: 'stale',
        message: 'Not asked while the cluster does not answer',
      }
    : status;
}

function describeMetrics({
  state,
  asOf,
  message,
}: TelemetryStatus): ClusterStatus['metrics'] {
  return {
    state,
    ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
    ...(message && { message }),
  };
}

function missingKindsOf(snapshot: MeshSnapshot): ClusterStatus['missingKinds'] {
  return KIND_NAMES.flatMap(kind => {
    const { state, error } = snapshot.freshness[kind];
    const isMissed =
      state === 'failed' || (state === 'notInstalled' && !isOptionalKind(kind));
    return isMissed ? [{ kind, why: error ?? 'It could not be read' }] : [];
  });
}
