import { hash32 } from '../traffic/hash';
import { quantileOf } from '../traffic/latency';
import { rateFunctionOf } from '../traffic/flows/propagateRates';
import { isFor } from '../traffic/flows/resolveOutcomes';
import type { Outcome, ResolvedEdge } from '../traffic/flows/types';
import type { TrafficModel, TrafficPhase } from '../traffic/TrafficModel';
import type { Hop, SampledRequest } from './types';

/** At most one request per sender and slot is traced. */
export const SLOT_MS = 250;

/** Share of the requests that are traced. */
const SAMPLING = 0.2;

const MAX_DEPTH = 12;

type Random = () => number;

/** Repeatable numbers in [0, 1) (mulberry32). */
function sequence(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const hex = (value: number, digits: number) =>
  value.toString(16).padStart(digits, '0');

/** Id of the trace of a sender's slot; the slot can be read back from it. */
export function traceIdOf(
  cluster: string,
  sender: string,
  slot: number,
): string {
  const who = hash32(`trace/${cluster}/${sender}`);
  return `${hex(who, 8)}${hex(hash32(`${who}/${slot}`), 8)}${hex(slot, 16)}`;
}

/** The trace that a sender's slot holds; undefined when none of its requests was sampled. */
export function sampleRequest(
  model: TrafficModel,
  sender: string,
  slot: number,
): SampledRequest | undefined {
  const { cluster } = model.plan;
  const random = sequence(hash32(`sample/${cluster}/${sender}/${slot}`));
  const at = (slot + random()) * SLOT_MS;
  const phase = model.phaseAt(at);
  const resolved = phase?.edges.get(`sender/${sender}`);
  if (!phase || !resolved || resolved.routed.edge.call.protocol === 'tcp') {
    return undefined;
  }
  const index = rateFunctionOf(sender);
  const rate = resolved.coefficients[index] * model.basis.ratesAt(at)[index];
  if (random() >= rate * (SLOT_MS / 1000) * SAMPLING) return undefined;
  const root = walk(
    { phase, random, model },
    {
      resolved,
      outcome: choose(resolved.outcomes, random),
      start: 0,
      depth: 0,
    },
  );
  return root && { traceId: traceIdOf(cluster, sender, slot), at, root };
}

/** The request a trace id names; undefined when there is none. */
export function requestOfTrace(
  model: TrafficModel,
  traceId: string,
): SampledRequest | undefined {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return undefined;
  const slot = parseInt(traceId.slice(16), 16);
  const sender = model.plan.senders.find(
    ({ id }) => traceIdOf(model.plan.cluster, id, slot) === traceId,
  );
  return sender && sampleRequest(model, sender.id, slot);
}

interface WalkContext {
  phase: TrafficPhase;
  random: Random;
  model: TrafficModel;
}

/** By share among the outcomes that answer the client. */
function choose(
  outcomes: readonly Outcome[],
  random: Random,
): Outcome | undefined {
  const possible = outcomes.filter(outcome => !outcome.target.mirror);
  const total = possible.reduce((sum, outcome) => sum + outcome.share, 0);
  let rest = random() * total;
  for (const outcome of possible) {
    rest -= outcome.share;
    if (rest <= 0) return outcome;
  }
  return possible[possible.length - 1];
}

function walk(
  context: WalkContext,
  options: {
    resolved: ResolvedEdge;
    outcome: Outcome | undefined;
    start: number;
    depth: number;
  },
): Hop | undefined {
  const { resolved, outcome, start, depth } = options;
  if (!outcome) return undefined;
  const { routed } = resolved;
  const wait = outcome.causedBy ? 0 : outcome.waitMs;
  const unit = 0.01 + 0.98 * context.random();
  const own = quantileOf(outcome.profile, unit, wait);
  const hop: Hop = {
    edge: routed.edge,
    routed,
    outcome,
    start,
    duration: own,
    children: [],
  };
  if (!outcome.target.server || outcome.target.local || depth >= MAX_DEPTH) {
    return hop;
  }
  let next = start + own * 0.12;
  for (const child of callsOf(context, resolved, outcome)) {
    const made = walk(context, { ...child, start: next, depth: depth + 1 });
    if (!made) continue;
    hop.children.push(made);
    next = made.start + made.duration + own * 0.04;
  }
  hop.duration = Math.max(own, next - start + own * 0.08);
  return hop;
}

/** Calls the server makes for this request: the failing one when it failed by it, and then no more. */
function callsOf(
  context: WalkContext,
  parent: ResolvedEdge,
  outcome: Outcome,
): { resolved: ResolvedEdge; outcome: Outcome | undefined }[] {
  const { phase, random, model } = context;
  const server = outcome.target.server!.key;
  const calls = model.plan.behaviours[server]?.calls ?? [];
  const made: { resolved: ResolvedEdge; outcome: Outcome | undefined }[] = [];
  for (const [index, call] of calls.entries()) {
    const id = `${server}>${call.to}:${call.port}#${index}`;
    const resolved = phase.edges.get(id);
    if (!resolved || call.protocol === 'tcp') continue;
    if (!isFor(call.onlyFrom, parent.routed)) continue;
    if (outcome.causedBy === id) {
      const failing = resolved.outcomes.filter(one => one.failed);
      made.push({ resolved, outcome: choose(failing, random) });
      return made;
    }
    const whole = Math.floor(call.perRequest);
    const times = whole + Number(random() < call.perRequest - whole);
    const possible = call.failsWith
      ? resolved.outcomes.filter(one => !one.failed)
      : resolved.outcomes;
    for (let n = 0; n < Math.min(times, 3); n++) {
      made.push({ resolved, outcome: choose(possible, random) });
    }
  }
  return made;
}
