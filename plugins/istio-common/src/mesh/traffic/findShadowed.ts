import { formatList } from '../../telemetry/format';
import { covers, isAnyRequest, RouteMatch } from './routeMatch';
import { RuleEntry } from './ruleEntry';
import { TrafficRoute } from './types';

/**
 * For each rule, whether the rules above it take every request that would reach it. Says no when it cannot
 * be shown, as with regular expressions.
 *
 * Source: the first rule that matches wins (istio.io reference, VirtualService.http); Istio's own
 * analyzers report the same as IST0130 and IST0131.
 */
export function findShadowed(
  entries: readonly RuleEntry[],
): TrafficRoute['neverReached'][] {
  return entries.map((entry, index) => {
    const above = entries
      .map((other, position) => ({ other, position }))
      .slice(0, index)
      .filter(
        ({ other }) =>
          other.protocol === entry.protocol &&
          other.action !== 'delegate' &&
          other.dropped === undefined,
      );
    const takers = matchesOf(entry).map(match =>
      above.find(({ other }) =>
        matchesOf(other).some(outer => covers(outer, match, [])),
      ),
    );
    if (takers.some(taker => taker === undefined)) {
      return undefined;
    }
    return explain(
      takers.filter(
        (taker): taker is NonNullable<typeof taker> => taker !== undefined,
      ),
    );
  });
}

const ANY: RouteMatch = { terms: [] };

/** What the rule takes, each match with the gateways it is in force on. */
function matchesOf(entry: RuleEntry): readonly RouteMatch[] {
  return (entry.matches.length > 0 ? entry.matches : [ANY]).map(match => ({
    ...match,
    gateways: match.gateways ?? entry.gateways,
  }));
}

function explain(
  takers: readonly { other: RuleEntry; position: number }[],
): TrafficRoute['neverReached'] {
  const positions = [...new Set(takers.map(({ position }) => position))].sort(
    (a, b) => a - b,
  );
  const last = takers.reduce((a, b) => (b.position > a.position ? b : a));
  const single = positions.length === 1;
  const everything = matchesOf(last.other).some(isAnyRequest);
  return {
    byFieldPath: last.other.fieldPath,
    text: `${single ? 'Rule' : 'Rules'} ${formatList(
      positions.map(position => String(position + 1)),
    )} ${single ? 'takes' : 'take'} ${
      single && everything ? 'every request' : 'these requests'
    } before this one.`,
  };
}
