import type {
  ClusterStatus,
  DataPlane,
  ProxySync,
} from '@istio-backstage/plugin-istio-common';

const MODES: Record<DataPlane['mode'], string> = {
  sidecar: 'Sidecar',
  ambient: 'Ambient',
  waypoint: 'Ambient with waypoint',
  gateway: 'Gateway',
  none: 'Outside the mesh',
  mixed: 'Mixed',
  unknown: 'Unknown',
};

/** A data plane mode in words. */
export function presentMode(mode: DataPlane['mode']): string {
  return MODES[mode];
}

/** The data plane fact of the header strip: mode with versions, and how far it reaches. */
export function presentDataPlane(dataPlane: DataPlane): {
  value: string;
  note: string;
} {
  const { mode, proxyVersions, podsWithProxy, pods, waypoint } = dataPlane;
  const late = dataPlane.proxies.some(({ skew }) => skew === 'tooFarBehind');
  const versions = proxyVersions.slice(0, 2).join(', ');
  const more = proxyVersions.length > 2 ? ' and older' : '';
  const value = [presentMode(mode), versions + more].filter(Boolean).join(' ');
  if (mode === 'ambient' || mode === 'waypoint') {
    return {
      value,
      note: waypoint ? `waypoint ${waypoint}` : 'no waypoint',
    };
  }
  return {
    value,
    note: `${podsWithProxy} of ${pods} pods with proxy${
      late ? ', some too old' : ''
    }`,
  };
}

/** Why it is so, and how the proxies' versions stand to their control planes'. */
export function explainDataPlane({ why, proxies }: DataPlane): string {
  return [why, ...proxies.map(({ text }) => text)]
    .map(text => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`)
    .join(' ');
}

/** Whether the proxies run what istiod last sent them, in a few words. */
export function presentProxySync({
  state,
  outOfSync,
  proxies,
}: ProxySync): string {
  switch (state) {
    case 'inSync':
      return 'in sync with istiod';
    case 'outOfSync':
      return `${outOfSync.length} of ${proxies} out of sync`;
    default:
      return 'sync with istiod unknown';
  }
}

/** Clusters that answer and those that do not. */
export function partitionClusters(clusters: readonly ClusterStatus[]): {
  fresh: ClusterStatus[];
  others: ClusterStatus[];
} {
  return {
    fresh: clusters.filter(({ state }) => state === 'fresh'),
    others: clusters.filter(({ state }) => state !== 'fresh'),
  };
}

const NO_METRICS: Record<ClusterStatus['metrics']['state'], string> = {
  fresh: 'left out',
  stale: 'no new samples',
  unreachable: 'no answer',
  notConfigured: 'no source configured',
  starting: 'first answer is awaited',
};

/** Clusters whose traffic is not in the numbers, with the reason. */
export function missingMetrics(
  clusters: readonly ClusterStatus[],
  leftOut: readonly { cluster: string }[] = [],
): { cluster: string; why: string }[] {
  return clusters
    .filter(
      ({ name, metrics }) =>
        metrics.state !== 'fresh' ||
        leftOut.some(({ cluster }) => cluster === name),
    )
    .map(({ name, metrics }) => ({
      cluster: name,
      why: NO_METRICS[metrics.state],
    }));
}
