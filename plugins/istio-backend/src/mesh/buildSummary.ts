import {
  ComponentSummary,
  computeHealth,
  EntityMatch,
  HealthThresholds,
  MeshSnapshot,
  resolveDataPlane,
  resolveMtls,
  resolveThresholds,
  resolveTrafficSplit,
  routeChangedAt,
  TrafficObservation,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type { IndexedEntity } from './EntityIndex';

/** One row of the mesh page, from the same resolutions as the component's own page. */
export function buildSummary(options: {
  entity: IndexedEntity;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
  /** The portal's configuration; annotations are laid over it. */
  thresholds: HealthThresholds;
  leftOut: { cluster: string; why: string }[];
  staleClusters: string[];
  now: number;
}): Omit<ComponentSummary, 'lastChange'> {
  const { entity, match, snapshots, observations, staleClusters } = options;
  const { entityRef, title, type, ownerRef } = entity;
  const found = [...match.workloads, ...match.services];
  const shared = {
    entityRef,
    title,
    ...(type && { type }),
    ...(ownerRef && { ownerRef }),
    namespaces: unique(found.map(one => one.namespace)),
    clusters: unique(found.map(one => one.cluster)).map(name => ({
      name,
      stale: staleClusters.includes(name),
    })),
  };
  if (match.empty) {
    return {
      ...shared,
      dataPlane: 'unknown',
      status: 'unknown',
      cause: [{ text: match.empty.title }],
      mtlsModes: [],
      split: [],
    };
  }
  const { thresholds } = resolveThresholds({
    configured: options.thresholds,
    annotation: entity.claim.health,
    match,
    snapshots,
  });
  const health = computeHealth({ ...options, thresholds });
  const mtls = resolveMtls({ match, snapshots, observations });
  const split = resolveTrafficSplit({ match, snapshots, observations });
  const { encryptedShare } = mtls.observed;
  return {
    ...shared,
    dataPlane: resolveDataPlane({ match, snapshots }).mode,
    status: health.status,
    cause: health.cause,
    ...(health.countedClusters.length > 0 && {
      requestsPerSecond: health.inbound.requestsPerSecond,
    }),
    ...(encryptedShare !== undefined && { encryptedShare }),
    mtlsModes: unique(mtls.ports.map(port => port.mode)),
    split: splitOf(split, changedInside(options)),
  };
}

/**
 * Whether a route changed inside the window: then the list, which has no shorter window at hand, shows
 * nothing observed rather than the mixture of before and after.
 */
function changedInside(options: {
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
  now: number;
}): boolean {
  const { match, snapshots, observations, now } = options;
  const changedAt = routeChangedAt({ match, snapshots });
  const seconds = observations[0]?.window.seconds;
  return (
    changedAt !== undefined &&
    seconds !== undefined &&
    now - changedAt < seconds * 1000
  );
}

function splitOf(
  split: TrafficSplit,
  hideObserved: boolean,
): ComponentSummary['split'] {
  const route = split.routes.find(one => one.id === split.primaryRouteId);
  return (route?.destinations ?? []).map(({ label, configured, observed }) => ({
    label,
    configured,
    ...(observed !== undefined && !hideObserved && { observed }),
  }));
}

function unique<T>(items: T[]): T[] {
  return [...new Set(items)].sort();
}
