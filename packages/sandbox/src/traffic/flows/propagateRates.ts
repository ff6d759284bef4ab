import { BASIS_SIZE, RATE_FUNCTIONS } from '../basis';
import { hash32, hashUnit } from '../hash';
import type { Edge, RoutedEdge } from '../routing/types';
import { isFor } from './resolveOutcomes';
import type { Outcome } from './types';

/** How far an outcome's share may drift around its weight, relative. */
const SPLIT_DRIFT = 0.035;

/** Most hops a request is followed; the plan's calls have no cycles, routes could make some. */
const MAX_PASSES = 24;

/** Rate function of a sender. */
export function rateFunctionOf(senderId: string): number {
  return hash32(`rate/${senderId}`) % RATE_FUNCTIONS;
}

/**
 * Coefficients of one outcome: its share of the edge's, plus a slow drift. The drifts of an edge's outcomes
 * sum to zero, so callers and callees always count the same requests.
 */
export function outcomeCoefficients(
  edge: Edge,
  coefficients: Float64Array,
  outcomes: readonly Outcome[],
): Float64Array[] {
  const answered = outcomes.filter(outcome => !outcome.target.mirror);
  const drifts = answered.map(
    outcome => 2 * hashUnit(`${edge.id}/${driftKey(outcome)}`) - 1,
  );
  const total = answered.reduce((sum, outcome) => sum + outcome.share, 0) || 1;
  const mean =
    answered.reduce(
      (sum, outcome, index) => sum + outcome.share * drifts[index],
      0,
    ) / total;
  let base = 0;
  for (let index = 0; index < RATE_FUNCTIONS; index++) {
    base += coefficients[index];
  }
  const splitFunction =
    RATE_FUNCTIONS + (hash32(`split/${edge.id}`) % RATE_FUNCTIONS);
  const driftOf = new Map(
    answered.map((outcome, index) => [outcome, drifts[index] - mean]),
  );
  return outcomes.map(outcome => {
    const own = Float64Array.from(
      coefficients,
      coefficient => coefficient * outcome.share,
    );
    const drift = driftOf.get(outcome);
    if (drift !== undefined && answered.length > 1) {
      own[splitFunction] += base * outcome.share * drift * SPLIT_DRIFT;
    }
    return own;
  });
}

function driftKey({ target, code, causedBy }: Outcome): string {
  return `${target.server?.key ?? target.service?.host}/${code}/${causedBy}`;
}

function add(into: Float64Array, from: Float64Array, factor: number): void {
  for (let index = 0; index < BASIS_SIZE; index++) {
    into[index] += from[index] * factor;
  }
}

const differs = (a: Float64Array | undefined, b: Float64Array) =>
  !a || a.some((value, index) => Math.abs(value - b[index]) > 1e-12);

/**
 * Rates of all edges: senders have their own; every other edge gets its client's handled requests times
 * its calls per request. Repeats until nothing moves.
 */
export function propagateRates(options: {
  edges: readonly Edge[];
  edgesOf: ReadonlyMap<string, Edge[]>;
  routed: ReadonlyMap<string, RoutedEdge>;
  outcomesOf: (edgeId: string) => Outcome[];
  /** Rate of a sender, requests per second. */
  rateOf: (senderId: string) => number;
}): Map<string, Float64Array> {
  let rates = new Map<string, Float64Array>();
  let moving = options.edges
    .filter(edge => edge.sender && options.routed.has(edge.id))
    .map(edge => edge.id);
  for (const edge of options.edges) {
    const own = new Float64Array(BASIS_SIZE);
    if (edge.sender && options.routed.has(edge.id)) {
      own[rateFunctionOf(edge.sender)] = options.rateOf(edge.sender);
    }
    rates.set(edge.id, own);
  }
  for (let pass = 0; pass < MAX_PASSES && moving.length > 0; pass++) {
    const next = onePass(options, rates);
    moving = movedEdges(rates, next);
    rates = next;
  }
  return rates;
}

function movedEdges(
  before: Map<string, Float64Array>,
  after: Map<string, Float64Array>,
): string[] {
  return [...after]
    .filter(([id, value]) => differs(before.get(id), value))
    .map(([id]) => id);
}

function onePass(
  options: Parameters<typeof propagateRates>[0],
  rates: Map<string, Float64Array>,
): Map<string, Float64Array> {
  const next = new Map<string, Float64Array>();
  for (const edge of options.edges) {
    next.set(
      edge.id,
      edge.sender ? rates.get(edge.id)! : new Float64Array(BASIS_SIZE),
    );
  }
  for (const edge of options.edges) {
    const routed = options.routed.get(edge.id);
    const incoming = rates.get(edge.id)!;
    if (!routed || !incoming.some(value => value !== 0)) continue;
    const outcomes = options.outcomesOf(edge.id);
    const parts = outcomeCoefficients(edge, incoming, outcomes);
    outcomes.forEach(({ target }, index) => {
      if (!target.server || target.local || target.denied) return;
      for (const further of options.edgesOf.get(target.server.key) ?? []) {
        if (!options.routed.has(further.id)) continue;
        if (isFor(further.call.onlyFrom, routed)) {
          add(next.get(further.id)!, parts[index], further.call.perRequest);
        }
      }
    });
  }
  return next;
}
