import type { Sentence } from '../mesh/health/types';
import { formatList } from '../telemetry/format';

/** A version over all clusters of a plan; shares are 0..1. */
export interface EffectVersion {
  label: string;
  before: number;
  after: number;
}

export type EffectUnit = 'requests' | 'connections';

/**
 * One sentence of what a plan does to a route, and one for versions that stay without traffic:
 * "10 of 100 requests move from v1 to v2. v3 stays without traffic."
 */
export function describeEffect(options: {
  versions: EffectVersion[];
  /** Before, after or at both times an object shares out the requests. */
  routed: { before: boolean; after: boolean };
  service: string;
  /** What the route shares out. */
  unit: EffectUnit;
}): Sentence {
  const { versions, routed, service, unit } = options;
  const parts = [
    routed.before && routed.after
      ? describeMove(versions, unit)
      : describeFirstOrLast(options),
    ...(routed.after ? describeIdle(versions) : []),
  ];
  return [{ text: parts.filter(part => part !== '').join(' ') || service }];
}

function describeMove(versions: EffectVersion[], unit: EffectUnit): string {
  const losers = versions.filter(each => points(each) < 0);
  const gainers = versions.filter(each => points(each) > 0);
  const moved = gainers.reduce((sum, each) => sum + points(each), 0);
  if (losers.length === 0 || gainers.length === 0) {
    return 'Nothing changes: every version keeps its share.';
  }
  const some = `${round(moved)} of 100 ${unit}`;
  const move = round(moved) === 1 ? 'moves' : 'move';
  if (losers.length === 1 && gainers.length === 1) {
    const [{ label: from, after }] = losers;
    const rest = after === 0 ? `, and ${from} gets none any more` : '';
    return `${some} ${move} from ${from} to ${gainers[0].label}${rest}.`;
  }
  if (losers.length === 1) {
    const leave = round(moved) === 1 ? 'leaves' : 'leave';
    return `${some} ${leave} ${losers[0].label}: ${listWithComma(
      gainers.map(describeGain),
    )}.`;
  }
  const falls = listWithComma(losers.map(describeLoss));
  return gainers.length === 1
    ? `${some} ${move} to ${gainers[0].label}: ${falls}.`
    : `${some} ${move}: ${listWithComma([
        ...gainers.map(describeGain),
        ...losers.map(describeLoss),
      ])}.`;
}

function describeGain({ label, before, after }: EffectVersion): string {
  if (before === 0) {
    return `${label} gets its first ${percent(after)}`;
  }
  return Math.abs(after - 2 * before) < 1e-9
    ? `${label} doubles to ${percent(after)}`
    : `${label} grows from ${round(before * 100)} to ${percent(after)}`;
}

function describeLoss({ label, before, after }: EffectVersion): string {
  return `${label} falls from ${round(before * 100)} to ${percent(after)}`;
}

function describeFirstOrLast(options: {
  versions: EffectVersion[];
  routed: { before: boolean; after: boolean };
  service: string;
  unit: EffectUnit;
}): string {
  const { versions, routed, service, unit } = options;
  if (!routed.after) {
    return `${
      unit === 'requests' ? 'Requests' : 'Connections'
    } to ${service} go to all ready pods alike again.`;
  }
  const takers = versions.filter(({ after }) => after > 0);
  const shares = takers.map(
    ({ label, after }, index) =>
      `${round(after * 100)}${
        index === 0 ? ` of 100 ${unit} go` : ''
      } to ${label}`,
  );
  return `${formatList(
    shares,
  )}. Until now all ready pods of ${service} got ${unit} alike.`;
}

function describeIdle(versions: EffectVersion[]): string[] {
  const idle = versions
    .filter(({ before, after }) => before === 0 && after === 0)
    .map(({ label }) => label);
  return idle.length === 0
    ? []
    : [
        `${formatList(idle)} ${
          idle.length === 1 ? 'stays' : 'stay'
        } without traffic.`,
      ];
}

function points({ before, after }: EffectVersion): number {
  return round((after - before) * 100);
}

/** Percentage points, one decimal. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function percent(share: number): string {
  return `${round(share * 100)} %`;
}

/** "a, and b": clauses with verbs of their own. */
function listWithComma(items: string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')}, and ${items[items.length - 1]}`;
}
