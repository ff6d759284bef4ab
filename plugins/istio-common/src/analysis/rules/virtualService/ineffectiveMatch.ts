import { readVirtualService } from '../../../resources/virtualService';
import { findShadowed } from '../../../mesh/traffic/findShadowed';
import {
  covers,
  isAnyRequest,
  type RouteMatch,
} from '../../../mesh/traffic/routeMatch';
import type { RuleEntry } from '../../../mesh/traffic/ruleEntry';
import { removal } from '../../facts/fix';
import { ownRules } from '../../facts/shadows';
import type { Rule } from '../../types';

interface Place {
  /** `http[0].match[1]`, or `http[0]` for a rule without condition. */
  path: string;
  match: RouteMatch;
  gateways: readonly string[];
}

/** Source: istio/istio pkg/config/validation analyzeUnreachableHTTPRules. */
export const ineffectiveMatch: Rule = {
  code: 'ISB0109',
  name: 'virtual-service-ineffective-match',
  title: 'One of a rule’s conditions takes no request',
  severity: 'info',
  explanation:
    'Of several conditions of a rule one is enough. Every request that this one asks for is taken by a condition before it, so it changes nothing.',
  remedy: 'Remove the condition, or narrow down the one before it.',
  equivalents: ['IST0131'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const { rules } = readVirtualService(subject);
    if (rules.every(({ matches }) => matches.length < 2)) return [];
    const entries = ownRules(snapshot, subject);
    const shadows = findShadowed(entries);
    return entries.flatMap((entry, index) => {
      // A rule all of whose conditions are taken is told as unreachable.
      const silent = entry.matches.length < 2 || shadows[index] !== undefined;
      if (silent) return [];
      const above = entries
        .slice(0, index)
        .filter(
          ({ protocol, action, dropped }) =>
            protocol === entry.protocol &&
            action !== 'delegate' &&
            dropped === undefined,
        );
      return repeated(entry, above).map(({ path, by }) => ({
        message: `Takes no request: ${by} takes them before it.`,
        path: `spec.${path}`,
        fix: removal(`Remove ${path}`, `spec.${path}`),
      }));
    });
  },
};

function repeated(
  entry: RuleEntry,
  above: readonly RuleEntry[],
): { path: string; by: string }[] {
  const before = above.flatMap(placesOf);
  const own = placesOf(entry);
  return own.flatMap((place, index) => {
    const taker = [...before, ...own.slice(0, index)].find(
      other =>
        (isAnyRequest(other.match) || !isAnyRequest(place.match)) &&
        covers(
          { ...other.match, gateways: [...other.gateways] },
          { ...place.match, gateways: [...place.gateways] },
          [],
        ),
    );
    return taker ? [{ path: place.path, by: taker.path }] : [];
  });
}

function placesOf({ fieldPath, matches, gateways }: RuleEntry): Place[] {
  return matches.length === 0
    ? [{ path: fieldPath, match: { terms: [] }, gateways }]
    : matches.map((match, index) => ({
        path: `${fieldPath}.match[${index}]`,
        match,
        gateways: match.gateways ?? gateways,
      }));
}
