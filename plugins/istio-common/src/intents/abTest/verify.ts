import { podsBehind } from '../../mesh/traffic/podsBehind';
import { readDestinationRule } from '../../resources/destinationRule';
import type { MeshSnapshot } from '../../snapshot/types';
import { formatCount } from '../../telemetry/format';
import type { RequestSample, TrafficObservation } from '../../telemetry/types';
import { rulesForService } from '../routing/destinationRules';
import type { EffectEvidence, TrafficVerdict } from '../types';
import { isCallerOf, onlyBySource } from './callers';
import type { AbTestParams } from './schema';
import { describeWho } from './words';

/**
 * What of a test Istio's metrics show: they name caller and version, not headers, cookies, paths or
 * claims. So an arm by caller is seen directly, and any other one when a version gets requests that
 * got none before.
 */
export function verifyAbTest(
  params: AbTestParams,
  evidence: EffectEvidence,
): TrafficVerdict {
  const { minimumRequests } = evidence;
  const since = requestsTo(params, evidence.observations);
  const total = sum(since);
  if (total < Math.max(1, minimumRequests)) {
    return {
      verdict: 'wait',
      why: `${formatCount(total)} requests since, ${formatCount(
        minimumRequests,
      )} are needed to tell`,
    };
  }
  return (
    seeCallers(params, evidence, since) ??
    seeNewcomer(params, evidence, since) ??
    seeEverybody(params, evidence, since) ?? {
      verdict: 'impossible',
      why:
        params.arms.length === 0
          ? 'the metrics do not show that nobody is told apart any more'
          : `the metrics do not tell requests with ${describeWho(
              params.arms[0].who,
            )} from others`,
    }
  );
}

/** All requests of the callers that the first arm is for, and of no others. */
function seeCallers(
  params: AbTestParams,
  evidence: EffectEvidence,
  since: RequestSample[],
): TrafficVerdict | undefined {
  const [arm] = params.arms;
  if (!arm || !arm.who.every(onlyBySource)) {
    return undefined;
  }
  const { snapshots, minimumRequests } = evidence;
  const theirs = since.filter(sample =>
    arm.who.some(alternative =>
      isCallerOf(alternative, sample.source, snapshots),
    ),
  );
  const all = sum(theirs);
  const reached = sum(theirs.filter(isTo(arm.version, params, snapshots)));
  const who = describeWho(arm.who);
  if (all < Math.max(1, minimumRequests)) {
    return {
      verdict: 'wait',
      why: `${formatCount(all)} requests since of ${who}, ${formatCount(
        minimumRequests,
      )} are needed to tell`,
    };
  }
  return reached >= all * 0.99
    ? {
        verdict: 'verified',
        text: `Seen in traffic: ${formatCount(reached)} of ${formatCount(
          all,
        )} requests of ${who} went to ${arm.version}`,
      }
    : {
        verdict: 'wait',
        why: `traffic does not follow: ${formatCount(reached)} of ${formatCount(
          all,
        )} requests of ${who} went to ${arm.version}`,
      };
}

/** A version that nobody reached before. */
function seeNewcomer(
  params: AbTestParams,
  { earlier, snapshots, minimumRequests }: EffectEvidence,
  since: RequestSample[],
): TrafficVerdict | undefined {
  const before = requestsTo(params, earlier);
  if (sum(before) < Math.max(1, minimumRequests)) {
    return undefined;
  }
  const fresh = [...new Set(params.arms.map(({ version }) => version))].filter(
    version => sum(before.filter(isTo(version, params, snapshots))) === 0,
  );
  for (const version of fresh) {
    const count = sum(since.filter(isTo(version, params, snapshots)));
    if (count > 0) {
      return {
        verdict: 'verified',
        text: `Seen in traffic: ${formatCount(count)} of ${formatCount(
          sum(since),
        )} requests went to ${version}, none did before`,
      };
    }
  }
  return fresh.length === 0
    ? undefined
    : {
        verdict: 'wait',
        why: `none of ${formatCount(sum(since))} requests since went to ${
          fresh[0]
        }`,
      };
}

/** Without arms everybody goes to one version. */
function seeEverybody(
  params: AbTestParams,
  { earlier, snapshots }: EffectEvidence,
  since: RequestSample[],
): TrafficVerdict | undefined {
  const { arms, everybodyElse } = params;
  if (arms.length > 0 || everybodyElse === undefined) {
    return undefined;
  }
  const before = requestsTo(params, earlier);
  const there = isTo(everybodyElse, params, snapshots);
  const elsewhereBefore = sum(before) - sum(before.filter(there));
  const elsewhere = sum(since) - sum(since.filter(there));
  if (elsewhereBefore === 0) {
    return undefined;
  }
  return elsewhere === 0
    ? {
        verdict: 'verified',
        text: `Seen in traffic: all ${formatCount(
          sum(since),
        )} requests went to ${everybodyElse}`,
      }
    : {
        verdict: 'wait',
        why: `${formatCount(elsewhere)} of ${formatCount(
          sum(since),
        )} requests since did not go to ${everybodyElse}`,
      };
}

/** As the callers' proxies counted them: they choose the version. */
function requestsTo(
  { namespace, service }: AbTestParams,
  observations: readonly TrafficObservation[],
): RequestSample[] {
  return observations
    .flatMap(({ requests }) => requests)
    .filter(
      sample =>
        sample.reporter === 'source' &&
        sample.destinationServiceName === service &&
        sample.destinationServiceNamespace === namespace,
    );
}

function sum(samples: readonly RequestSample[]): number {
  return Math.round(
    samples.reduce((total, { requests }) => total + requests, 0),
  );
}

/** Whether a request reached the version: a subset of the Service, or the Service that is the version. */
function isTo(
  version: string,
  { namespace, service }: AbTestParams,
  snapshots: readonly MeshSnapshot[],
): (sample: RequestSample) => boolean {
  const workloads = new Set(
    snapshots.flatMap(snapshot => {
      const place = { snapshot, service: { namespace, name: service } };
      const subset = rulesForService(place)
        .flatMap(rule => readDestinationRule(rule).subsets)
        .find(({ name }) => name === version);
      const behind = subset
        ? podsBehind(snapshot, place.service, subset.labels)
        : podsBehind(snapshot, { namespace, name: version });
      return behind.workloads.map(({ name }) => name);
    }),
  );
  return ({ destination }) =>
    destination.namespace === namespace &&
    destination.workload !== undefined &&
    workloads.has(destination.workload);
}
