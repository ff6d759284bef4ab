import { BASIS_SIZE } from '../basis';
import { distributionOf, mixtureOf } from '../latency';
import type { LatencyDistribution, LatencyProfile } from '../latency';
import type { RoutedEdge } from '../routing/types';
import type { Behaviour, TrafficPlan } from '../types';
import type { FlowIdentity, FlowPhase } from './FlowTimeline';
import { PLAIN_BEHAVIOUR } from './resolveOutcomes';
import { outcomeCoefficients } from './propagateRates';
import type { Outcome, ResolvedEdge } from './types';

interface Collected {
  identity: FlowIdentity;
  coefficients: Float64Array;
  parts: { weight: number; distribution: LatencyDistribution }[];
  pods: FlowPhase['pods'];
}

const distributions = new Map<string, LatencyDistribution>();

function distribution(
  profile: LatencyProfile,
  waitMs: number,
): LatencyDistribution {
  const key = `${profile.p50}/${profile.p99}/${waitMs}`;
  let known = distributions.get(key);
  if (!known) {
    known = distributionOf(profile, waitMs);
    distributions.set(key, known);
  }
  return known;
}

/** All flows of this moment by key: outcomes that telemetry cannot tell apart are one flow. */
export function collectFlows(
  plan: TrafficPlan,
  resolved: Iterable<ResolvedEdge>,
): Map<string, { identity: FlowIdentity; phase: FlowPhase }> {
  const flows = new Map<string, Collected>();
  for (const { routed, outcomes, coefficients } of resolved) {
    if (!coefficients.some(value => value !== 0)) continue;
    const parts = outcomeCoefficients(routed.edge, coefficients, outcomes);
    outcomes.forEach((outcome, index) =>
      collect(flows, { plan, routed, outcome, coefficients: parts[index] }),
    );
  }
  return new Map(
    [...flows].map(([key, { identity, coefficients, parts, pods }]) => [
      key,
      { identity, phase: { coefficients, latency: mixtureOf(parts), pods } },
    ]),
  );
}

function collect(
  flows: Map<string, Collected>,
  options: {
    plan: TrafficPlan;
    routed: RoutedEdge;
    outcome: Outcome;
    coefficients: Float64Array;
  },
): void {
  const { routed, outcome, coefficients } = options;
  const key = flowKey(routed, outcome);
  let flow = flows.get(key);
  if (!flow) {
    flow = {
      identity: identityOf(options.plan, routed, outcome),
      coefficients: new Float64Array(BASIS_SIZE),
      parts: [],
      pods: {
        client: routed.clientPods,
        server: outcome.target.serverPods,
        waypoint: outcome.target.waypoint?.pods ?? [],
      },
    };
    flows.set(key, flow);
  }
  let weight = 0;
  coefficients.forEach((value, index) => {
    flow!.coefficients[index] += value;
    if (index < BASIS_SIZE / 2) weight += value;
  });
  flow.parts.push({
    weight,
    distribution: distribution(outcome.profile, outcome.waitMs),
  });
}

function flowKey(routed: RoutedEdge, outcome: Outcome): string {
  const { target } = outcome;
  return [
    routed.client.key,
    routed.edge.call.protocol,
    target.service?.host ?? '',
    target.server?.key ?? '',
    target.waypoint?.peer.key ?? '',
    outcome.code,
    outcome.grpcStatus ?? '',
    outcome.flagsAtSource,
    outcome.flagsAtServer,
    target.security,
    target.mirror ? 'mirror' : '',
    target.local ? 'local' : '',
  ].join('|');
}

function identityOf(
  plan: TrafficPlan,
  routed: RoutedEdge,
  outcome: Outcome,
): FlowIdentity {
  const { target } = outcome;
  const { call } = routed.edge;
  const behaviour =
    plan.behaviours[target.server?.key ?? ''] ?? PLAIN_BEHAVIOUR;
  const tcp = call.protocol === 'tcp';
  return {
    key: flowKey(routed, outcome),
    protocol: call.protocol,
    client: routed.client,
    server: target.server,
    service: target.service,
    waypoint: target.waypoint?.peer,
    code: outcome.code,
    grpcStatus: outcome.grpcStatus,
    flagsAtSource: outcome.flagsAtSource,
    flagsAtServer: outcome.flagsAtServer,
    security: target.security,
    mirror: target.mirror,
    local: target.local !== undefined,
    requestBytes: tcp ? call.bytesReceived : behaviour.requestBytes,
    responseBytes: responseBytes(routed, outcome, behaviour),
  };
}

/** A failure answers with little more than its headers. */
function responseBytes(
  routed: RoutedEdge,
  outcome: Outcome,
  behaviour: Behaviour,
): number {
  const { call } = routed.edge;
  if (call.protocol === 'tcp') return call.bytesSent;
  return outcome.failed ? 180 : behaviour.responseBytes;
}
