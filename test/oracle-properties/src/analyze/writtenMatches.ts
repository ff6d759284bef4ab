import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { routingOf, type WrittenMatch } from './facts';

interface Place {
  rule: number;
  match: WrittenMatch;
}

interface Ineffective {
  /** Position of its rule. */
  rule: number;
  /**
   * It takes other requests all the same: one of the two asks for what istioctl does not look at (a source, a
   * gateway, a regular expression), or for no method, which istioctl takes for GET.
   */
  isForOthers: boolean;
}

/**
 * The conditions that istioctl takes for ineffective: repeated ones, and those whose path another's prefix
 * covers. Source: istio/istio pkg/config/validation analyzeUnreachableHTTPRules, coveredValidation; its
 * comparison of the rest of the two conditions is left out, so that there may be more here.
 */
export function ineffectiveMatches(object: KubeObject): Ineffective[] {
  const places = (routingOf(object).http ?? []).flatMap(
    ({ match = [] }, rule) =>
      match.map((each): Place => ({ rule, match: each })),
  );
  return places.flatMap((place, index) => {
    const taker = places
      .slice(0, index)
      .find(before => repeats(place, before) || covers(before, place));
    return taker
      ? [
          {
            rule: place.rule,
            isForOthers:
              !repeats(place, taker) &&
              (isNarrow(taker) ||
                isElsewhere(object, place) ||
                isMisread(taker, place)),
          },
        ]
      : [];
  });
}

function repeats({ match }: Place, before: Place): boolean {
  const text = (each: WrittenMatch) =>
    JSON.stringify(
      Object.entries({ ...each, name: undefined }).sort(([a], [b]) =>
        a < b ? -1 : 1,
      ),
    );
  return text(match) === text(before.match);
}

function covers(outer: Place, inner: Place): boolean {
  const [wide, narrow] = [outer, inner].map(
    ({ match }) => match.uri?.prefix ?? '',
  );
  return wide !== '' && narrow !== wide && narrow.startsWith(wide);
}

function isNarrow({ match }: Place): boolean {
  return Boolean(match.sourceLabels ?? match.sourceNamespace ?? match.gateways);
}

/** Whether it is for a gateway that the object is not bound to. */
function isElsewhere(object: KubeObject, { match }: Place): boolean {
  const { gateways: bound = ['mesh'] } = routingOf(object);
  return (match.gateways ?? []).some(name => !bound.includes(name));
}

const COMPARED = [
  'method',
  'authority',
  'headers',
  'queryParams',
  'withoutHeaders',
];

/** Whether two different conditions are one to istioctl. Source: genMatchHTTPRoutes, which reads exact texts and prefixes only. */
function isMisread({ match: outer }: Place, { match: inner }: Place): boolean {
  return COMPARED.some(field => {
    const [wide, narrow] = [outer, inner].map(match =>
      JSON.stringify(match[field]),
    );
    if (wide === narrow) return false;
    return [wide, narrow].some(
      text =>
        text?.includes('"regex"') || (field === 'method' && text === undefined),
    );
  });
}
