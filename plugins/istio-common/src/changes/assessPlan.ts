import type { EntityMatch } from '../entity/types';
import { toPercents } from '../intents/shiftTraffic/weights';
import { titleOfFirstSplit, titleOfShift } from '../intents/shiftTraffic/title';
import { bindIntent } from '../intents/bindIntent';
import type { Intent } from '../intents/intent';
import { sharesConnections } from '../mesh/traffic/observeSplit';
import type { TrafficSplit } from '../mesh/traffic/types';
import { serviceOfHost } from '../resources/host';
import type { MeshSnapshot } from '../snapshot/types';
import type { TrafficObservation } from '../telemetry/types';
import { assessAccess, decidesAccess } from './access/assessAccess';
import { describeAccess } from './access/describeAccess';
import { enforceTrials } from './access/enforceTrials';
import { findMissedGrants } from './access/findMissedGrants';
import { findUnseen } from './access/findUnseen';
import { compareBehaviour } from './behaviour/compareBehaviour';
import { routeKey } from './behaviour/routes';
import { describeBehaviour, titleOfBehaviour } from './describeBehaviour';
import { describeTimeBudget } from './describeTimeBudget';
import { findPlanFindings } from './findPlanFindings';
import { simulatePlan } from './simulatePlan';
import { RESILIENCE_WORDS } from '../mesh/resilience/types';
import { describeEffect } from './describeEffect';
import { type ClusterShift, findShifts, versionsOf } from './findShifts';
import { findVersionFindings } from './findVersionFindings';
import { listCallers } from './listCallers';
import { type ObservedShift, observeShift } from './observeShift';
import { predictCallees } from './predictCallees';
import type {
  AffectedCaller,
  BehaviourChange,
  ChangePreview,
  Plan,
  VersionEffect,
} from './types';

/** What the core can say about a plan before anybody is asked. */
export type PlanAssessment = Pick<
  ChangePreview,
  | 'effect'
  | 'detail'
  | 'versions'
  | 'behaviour'
  | 'callers'
  | 'findings'
  | 'observedSeconds'
  | 'counts'
  | 'title'
>;

/**
 * What a plan does to a component's requests: the effect in a sentence, shares and requests per second
 * per version before and after, who calls, what it adds and clears. Everything is read from the
 * objects as they are and as they would be, so it holds for an intent and for a revert alike.
 *
 * Over several clusters shares are weighted by their requests; rates are absent where telemetry does
 * not tell the route's requests. `entityRef`, `ownerRef` and `yours` of callers are the shell's to fill.
 */
export function assessPlan(options: {
  plan: Plan;
  /** Tells the route where the plan is empty. */
  intent?: Intent;
  split: TrafficSplit;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
}): PlanAssessment {
  const { split, observations } = options;
  const shifts = findShifts(options);
  if (shifts.length === 0) {
    return assessSettings(options);
  }
  const shared = new Set(
    shifts.flatMap(({ routeBefore, routeAfter }) =>
      [routeBefore, routeAfter].map(routeKey),
    ),
  );
  const observed = observeShift({ ...options, shifts });
  const versions = combineVersions(shifts, observed, split);
  const [{ before, routeBefore, routeAfter }] = shifts;
  const connections = sharesConnections(routeAfter);
  const routed = {
    before: routeBefore.object !== undefined,
    after: routeAfter.object !== undefined,
  };
  const detail =
    routeBefore.when.length === 0
      ? predictCallees(observed, observations)
      : explainCondition(observed);
  return {
    title: titleOf(versions, routed),
    effect: describeEffect({
      versions,
      routed,
      service:
        serviceOfHost(routeAfter.host, before.domain)?.name ?? routeAfter.host,
      unit: connections ? 'connections' : 'requests',
    }),
    ...(connections && { counts: 'connections' as const }),
    ...(detail && { detail }),
    versions,
    behaviour: compareBehaviour({ ...options, told: shared }),
    callers: combineCallers(observed, versions),
    findings: findingsOf({ ...options, shifts }),
    observedSeconds: Math.max(0, ...observed.map(({ seconds }) => seconds)),
  };
}

/** What versions come to; of an intent that does more than share out, what the analysis says too. */
function findingsOf(options: {
  plan: Plan;
  intent?: Intent;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
  shifts: ClusterShift[];
}): PlanAssessment['findings'] {
  const { intent, shifts } = options;
  const ofVersions = findVersionFindings(shifts);
  if (!intent || bindIntent(intent).sharesRequests) {
    return ofVersions;
  }
  const ofPlan = findPlanFindings(options);
  return {
    added: [...ofVersions.added, ...ofPlan.added],
    cleared: [...ofVersions.cleared, ...ofPlan.cleared],
  };
}

/** A plan that leaves the shares of all routes as they are. */
function assessSettings(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
}): PlanAssessment {
  const behaviour = compareBehaviour(options);
  const answered = options.observations.filter(({ error }) => !error);
  const seen = { ...options, observations: answered };
  const observedSeconds = Math.max(
    0,
    ...answered.map(({ window }) => window.seconds),
  );
  const decides = decidesAccess(options.plan);
  const callers = decides ? assessAccess(seen) : listCallers(seen);
  const trial = enforceTrials(options.plan);
  const detail = decides
    ? describeAccess({
        callers,
        observedSeconds,
        ...(trial && { enforced: assessAccess({ ...seen, plan: trial }) }),
      })
    : budgetOf({ ...seen, behaviour });
  const findings = findPlanFindings(seen);
  return {
    title: titleOfBehaviour(behaviour),
    effect: describeBehaviour(behaviour, options.plan),
    ...(detail && { detail }),
    versions: [],
    behaviour,
    callers,
    findings: {
      ...findings,
      added: [
        ...findings.added,
        ...findUnseen(seen),
        ...findMissedGrants(seen),
      ],
    },
    observedSeconds,
  };
}

/** Where a time limit or the number of tries changes: what the others along the path wait. */
function budgetOf(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: MeshSnapshot[];
  observations: TrafficObservation[];
  behaviour: BehaviourChange[];
}) {
  const { plan, match, behaviour, observations, snapshots } = options;
  const [observation] = observations;
  const snapshot = snapshots.find(
    ({ cluster }) => cluster === observation?.cluster,
  );
  const words = [RESILIENCE_WORDS.timeout, RESILIENCE_WORDS.retries];
  return snapshot && behaviour.some(({ what }) => words.includes(what))
    ? describeTimeBudget({
        snapshot: simulatePlan(snapshot, plan),
        match,
        observation,
      })
    : undefined;
}

function titleOf(
  versions: VersionEffect[],
  routed: { before: boolean; after: boolean },
): string {
  const weights = (at: 'before' | 'after') => {
    const percents = toPercents(versions.map(each => each[at]));
    return versions.map(({ key }, index) => ({
      key,
      percent: percents[index],
    }));
  };
  if (!routed.after) {
    return 'all ready pods alike';
  }
  return routed.before
    ? titleOfShift(weights('before'), weights('after'))
    : titleOfFirstSplit(weights('after'));
}

/** Requests reach the rule only by its condition, and telemetry does not say how many do. */
function explainCondition(observed: ObservedShift[]) {
  return observed.some(({ rate }) => rate === undefined)
    ? [
        {
          text: 'Only requests that meet the condition of this route are concerned; how many those are cannot be told, so callers are listed with all their requests.',
        },
      ]
    : undefined;
}

function combineVersions(
  shifts: ClusterShift[],
  observed: ObservedShift[],
  split: TrafficSplit,
): VersionEffect[] {
  const rates = shifts.map(
    shift => observed.find(each => each.shift === shift)?.rate,
  );
  const total = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  const weightOf = (index: number) =>
    total > 0 ? (rates[index] ?? 0) / total : 1 / shifts.length;
  const ratesKnown = rates.every(rate => rate !== undefined);
  const versions = new Map<string, VersionEffect>();
  shifts.forEach((shift, index) => {
    for (const { key, label, before, after, podsReady } of versionsOf(shift)) {
      const entry = versions.get(key) ?? {
        key,
        label,
        before: 0,
        after: 0,
        podsReady: 0,
      };
      entry.before += before * weightOf(index);
      entry.after += after * weightOf(index);
      entry.podsReady += podsReady;
      versions.set(key, entry);
    }
  });
  const observedShare = observedShares(shifts, split);
  return [...versions.values()].map(version => {
    const before = tidy(version.before);
    const after = tidy(version.after);
    const share = observedShare.get(version.key);
    return {
      ...version,
      before,
      after,
      ...(share !== undefined && { observed: share }),
      ...(ratesKnown && {
        requestsPerSecondBefore: before * total,
        requestsPerSecondAfter: after * total,
      }),
      ...(ratesKnown &&
        version.podsReady > 0 && {
          requestsPerSecondPerPodAfter: (after * total) / version.podsReady,
        }),
    };
  });
}

/** As the split of the route before says, over the clusters it covers. */
function observedShares(
  shifts: ClusterShift[],
  split: TrafficSplit,
): Map<string, number> {
  const shares = new Map<string, { requests: number; total: number }>();
  const ids = new Set(shifts.map(({ routeBefore }) => routeBefore.id));
  for (const route of split.routes) {
    if (ids.has(route.id.split('@')[0])) {
      const total = route.destinations.reduce(
        (sum, { observedRequests }) => sum + (observedRequests ?? 0),
        0,
      );
      for (const { key, observedRequests } of route.destinations) {
        if (observedRequests !== undefined && total > 0) {
          const entry = shares.get(key) ?? { requests: 0, total: 0 };
          entry.requests += observedRequests;
          entry.total += total;
          shares.set(key, entry);
        }
      }
    }
  }
  return new Map(
    [...shares].map(([key, { requests, total }]) => [key, requests / total]),
  );
}

function combineCallers(
  observed: ObservedShift[],
  versions: VersionEffect[],
): AffectedCaller[] {
  const growing = versions
    .filter(({ before, after }) => after > before)
    .map(({ key }) => key);
  const callers = new Map<string, AffectedCaller>();
  for (const { shift, callers: here } of observed) {
    const grown = versionsOf(shift).filter(({ key }) => growing.includes(key));
    const share = (at: 'before' | 'after') =>
      grown.reduce((sum, version) => sum + version[at], 0);
    for (const { workload, namespace, rate } of here) {
      const key = `${namespace ?? ''}/${workload ?? ''}`;
      const entry = callers.get(key) ?? {
        ...(workload !== undefined && { workload }),
        ...(namespace !== undefined && { namespace }),
        requestsPerSecond: 0,
        movedBefore: 0,
        movedAfter: 0,
      };
      entry.requestsPerSecond += rate;
      entry.movedBefore += rate * share('before');
      entry.movedAfter += rate * share('after');
      callers.set(key, entry);
    }
  }
  return [...callers.values()].sort(
    (a, b) => b.requestsPerSecond - a.requestsPerSecond,
  );
}

/** Sums of shares like 0.1 + 0.2 without their last bits. */
function tidy(share: number): number {
  return Math.round(share * 1e9) / 1e9;
}
