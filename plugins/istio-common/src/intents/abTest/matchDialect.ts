import type { Fields } from '../../resources/fields';
import type { RouteMatch } from '../../mesh/traffic/routeMatch';
import type { Alternative, AudienceCondition } from './schema';

/** Why a condition cannot be put into the route's own match. */
export interface MergeProblem {
  /** Index of the condition. */
  at: number;
  why: string;
}

/** How a kind of route writes the requests of an arm. */
export interface MatchDialect {
  /** Field of a rule that lists what it takes. */
  field: 'match' | 'matches';
  /** Conditions of a match beyond those of the route's own; undefined where they are more than the form knows. */
  extract(base: Fields, match: Fields): Alternative | undefined;
  /** One more condition in a match. */
  add(match: Fields, condition: AudienceCondition): Fields | { why: string };
  /** As the mesh reads it. */
  read(match: Fields): RouteMatch;
}

/** The route's own match, narrowed down to an alternative. */
export function mergeMatch(
  dialect: MatchDialect,
  base: Fields,
  alternative: Alternative,
): Fields | MergeProblem {
  let match = base;
  for (const [at, condition] of alternative.entries()) {
    const next = dialect.add(match, condition);
    if (isRefusal(next)) {
      return { at, why: next.why };
    }
    match = next;
  }
  return match;
}

export function isMergeProblem(
  result: Fields | MergeProblem,
): result is MergeProblem {
  return 'why' in result && 'at' in result;
}

function isRefusal(
  result: Fields | { why: string },
): result is { why: string } {
  return typeof result.why === 'string';
}

/** Equal as JSON, whatever the order of fields: an API server does not keep it. */
export function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

/** JSON with fields in the order of their names. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : item,
  );
}
