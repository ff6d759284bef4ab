import type { LatencyProfile } from '../latency';
import type { Edge, RoutedEdge, Target } from '../routing/types';
import type { Behaviour, FailureRule, Protocol, TrafficPlan } from '../types';
import { limitOutcomes } from './limitOutcomes';
import type { Outcome } from './types';

/** Behaviour of a workload that no scenario describes. */
export const PLAIN_BEHAVIOUR: Behaviour = {
  latency: { p50: 8, p99: 60 },
  calls: [],
  requestBytes: 600,
  responseBytes: 2400,
};

/** A proxy answers fast. */
const PROXY_LATENCY: LatencyProfile = { p50: 0.8, p99: 4 };

/** How deep failures are passed on; deeper chains count as fine. */
const MAX_DEPTH = 24;

interface Failure {
  share: number;
  code: string;
  grpcStatus?: string;
  flags: string;
  waitMs: number;
  causedBy?: string;
}

/** Whether a rule's name (`namespace/name`, or a host) means this peer. */
export function names(
  rule: string,
  peer: { key: string; namespace: string; app: string },
): boolean {
  return rule === peer.key || rule === `${peer.namespace}/${peer.app}`;
}

/** Computes how the requests of every routed edge end. Pure over its inputs; results are memoised inside. */
export class OutcomeResolver {
  private readonly outcomes = new Map<string, Outcome[]>();
  private readonly rulesByTarget = new Map<string, FailureRule[]>();

  constructor(
    private readonly plan: TrafficPlan,
    rules: readonly FailureRule[],
    private readonly routed: ReadonlyMap<string, RoutedEdge>,
    private readonly edgesOf: ReadonlyMap<string, Edge[]>,
  ) {
    for (const rule of rules) {
      const list = this.rulesByTarget.get(rule.to) ?? [];
      list.push(rule);
      this.rulesByTarget.set(rule.to, list);
    }
  }

  of(edgeId: string, depth = 0): Outcome[] {
    const known = this.outcomes.get(edgeId);
    if (known) return known;
    const routed = this.routed.get(edgeId);
    if (!routed || depth > MAX_DEPTH) return [];
    // A cycle sees the edge as still without failures.
    this.outcomes.set(edgeId, []);
    const result = routed.targets.flatMap(target =>
      this.ofTarget(routed, target, depth),
    );
    this.outcomes.set(edgeId, result);
    return result;
  }

  private ofTarget(
    routed: RoutedEdge,
    target: Target,
    depth: number,
  ): Outcome[] {
    const grpc = routed.edge.call.protocol === 'grpc';
    const base = { target, flagsAtServer: '-', flagsAtSource: '-' };
    if (target.local) {
      return [this.localOutcome(target, grpc)];
    }
    if (target.denied) {
      return [deniedOutcome(target, routed.edge.call.protocol)];
    }
    const failures = this.failures(routed, target, depth);
    const latency = target.server
      ? this.behaviour(target.server.key).latency
      : { p50: 20, p99: 120 };
    let rest = 1;
    const outcomes: Outcome[] = [];
    for (const failure of failures) {
      const share = rest * Math.min(1, failure.share);
      rest -= share;
      const seenBySource = !target.server || target.server.mode === 'none';
      outcomes.push({
        ...base,
        share: share * target.share,
        code: failure.code,
        grpcStatus: grpc ? failure.grpcStatus ?? '13' : undefined,
        flagsAtSource: seenBySource ? failure.flags : '-',
        flagsAtServer: failure.flags,
        waitMs: target.waitMs + failure.waitMs,
        profile: latency,
        failed: true,
        causedBy: failure.causedBy,
      });
    }
    outcomes.push({
      ...base,
      share: rest * target.share,
      code: '200',
      grpcStatus: grpc ? '0' : undefined,
      waitMs: target.waitMs,
      profile: latency,
      failed: false,
    });
    const possible = outcomes.filter(outcome => outcome.share > 1e-12);
    return target.limits ? limitOutcomes(possible, target.limits) : possible;
  }

  private localOutcome(target: Target, grpc: boolean): Outcome {
    const { code, grpcStatus, flags } = target.local!;
    const failed =
      code === '0' || Number(code) >= 400 || grpcStatus !== undefined;
    return {
      target,
      share: target.share,
      code: grpc && code !== '0' ? '200' : code,
      grpcStatus: grpc ? grpcStatus ?? '14' : undefined,
      flagsAtSource: flags,
      flagsAtServer: '-',
      waitMs: target.waitMs,
      profile: PROXY_LATENCY,
      failed,
    };
  }

  private behaviour(key: string): Behaviour {
    return this.plan.behaviours[key] ?? PLAIN_BEHAVIOUR;
  }

  /** The rule that fits best, then what the server's own calls pass on. */
  private failures(
    routed: RoutedEdge,
    target: Target,
    depth: number,
  ): Failure[] {
    const own = this.bestRule(routed, target);
    const failures: Failure[] = own && own.share > 0 ? [own] : [];
    if (!target.server) return failures;
    for (const edge of this.edgesOf.get(target.server.key) ?? []) {
      const { call } = edge;
      if (!call.failsWith || !isFor(call.onlyFrom, routed)) continue;
      const failed = this.of(edge.id, depth + 1).filter(
        outcome => outcome.failed && !outcome.target.mirror,
      );
      const share = failed.reduce((sum, outcome) => sum + outcome.share, 0);
      if (share <= 0) continue;
      failures.push({
        ...call.failsWith,
        share:
          call.perRequest <= 1
            ? share * call.perRequest
            : 1 - (1 - share) ** call.perRequest,
        waitMs: Math.max(...failed.map(outcome => outcome.waitMs)),
        causedBy: edge.id,
      });
    }
    return failures;
  }

  private bestRule(routed: RoutedEdge, target: Target): Failure | undefined {
    const { server } = target;
    const candidates = server
      ? [
          ...(this.rulesByTarget.get(server.key) ?? []),
          ...(server.key === `${server.namespace}/${server.app}`
            ? []
            : this.rulesByTarget.get(`${server.namespace}/${server.app}`) ??
              []),
        ]
      : this.rulesByTarget.get(target.service?.host ?? '') ?? [];
    const fitting = candidates.filter(
      rule =>
        (rule.from === undefined || names(rule.from, routed.client)) &&
        (rule.version === undefined || rule.version === server?.version),
    );
    const rank = (rule: FailureRule) =>
      Number(rule.from !== undefined) * 2 + Number(rule.version !== undefined);
    return fitting.reduce<FailureRule | undefined>(
      (best, rule) => (best && rank(best) > rank(rule) ? best : rule),
      undefined,
    );
  }
}

/** Envoy's RBAC filter answers itself: 403, 7 (PERMISSION_DENIED) to gRPC; a connection of bytes it closes. */
function deniedOutcome(target: Target, protocol: Protocol): Outcome {
  return {
    target,
    share: target.share,
    code: protocol === 'grpc' ? '200' : '403',
    grpcStatus: protocol === 'grpc' ? '7' : undefined,
    flagsAtSource: '-',
    flagsAtServer: '-',
    waitMs: target.waitMs,
    profile: PROXY_LATENCY,
    failed: true,
  };
}

/** Whether a call is made for requests that came over this edge. */
export function isFor(onlyFrom: string[], routed: RoutedEdge): boolean {
  return (
    onlyFrom.length === 0 || onlyFrom.some(rule => names(rule, routed.client))
  );
}
