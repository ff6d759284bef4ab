import { fieldsListOf, fieldsOf, type Fields } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import type { CompileProblem, RouteTarget } from '../types';
import { isProblem, readRouteRule, type RouteRule } from '../routing/routeRule';
import { httpRouteMatch } from './httpRouteMatch';
import {
  canonical,
  isMergeProblem,
  isSame,
  mergeMatch,
  type MatchDialect,
  type MergeProblem,
} from './matchDialect';
import type { Alternative, Arm, Sticky } from './schema';
import { isStickyArm, readSticky } from './stickyCookie';
import { virtualServiceMatch } from './virtualServiceMatch';

/** An arm that stands in the object. */
export interface PresentArm extends Arm {
  rule: RouteRule;
}

/** A route and the arms right above it, which take some of its requests first. */
export interface ArmBlock {
  section: string;
  /** Index of the first arm, or of the route where it has none. */
  start: number;
  /** Without those of the sticky cookie. */
  arms: PresentArm[];
  /** Arms that the sticky cookie makes, after the others. */
  stickyArms: PresentArm[];
  sticky?: Sticky;
  base: RouteRule;
}

export function matchDialectOf(kind: RouteTarget['kind']): MatchDialect {
  return kind === 'HTTPRoute' ? httpRouteMatch : virtualServiceMatch;
}

interface Source {
  object: KubeObject;
  fieldPath: string;
  domain: string;
}

/** Reads the route at a place with the arms above it, hand-written ones included. */
export function readArmBlock(source: Source): ArmBlock | CompileProblem {
  const base = readRouteRule(source);
  if (isProblem(base)) {
    return base;
  }
  if (!['http', 'rules'].includes(base.section)) {
    return {
      field: 'route.fieldPath',
      message: `${source.fieldPath} routes connections, which carry nothing to tell people apart by; allowed: rules of http`,
    };
  }
  const arms: PresentArm[] = [];
  for (let index = base.index - 1; index >= 0; index -= 1) {
    const arm = readArm({ source, base, index });
    if (!arm) {
      break;
    }
    arms.unshift(arm);
  }
  const sticky = readSticky(base, source.object.kind);
  const first = sticky ? arms.length - sticky.keys.length : arms.length;
  const isWhole =
    sticky !== undefined &&
    first >= 0 &&
    sticky.keys.every((key, at) =>
      isStickyArm(arms[first + at], { cookie: sticky.cookie, key }),
    );
  const end = isWhole ? first : arms.length;
  return {
    section: base.section,
    start: base.index - arms.length,
    arms: arms.slice(0, end),
    stickyArms: arms.slice(end),
    ...(isWhole && {
      sticky: { cookie: sticky.cookie, maxAge: sticky.maxAge },
    }),
    base,
  };
}

export function isBlockProblem(
  block: ArmBlock | CompileProblem,
): block is CompileProblem {
  return 'field' in block;
}

/** A rule above the route is an arm when it takes some of the route's requests to one version. */
function readArm(options: {
  source: Source;
  base: RouteRule;
  index: number;
}): PresentArm | undefined {
  const { source, base, index } = options;
  const rule = readRouteRule({
    ...source,
    fieldPath: `${base.section}[${index}]`,
  });
  if (isProblem(rule) || rule.destinations.length !== 1) {
    return undefined;
  }
  const dialect = matchDialectOf(source.object.kind as RouteTarget['kind']);
  const who = readWho(dialect, { base: base.rule, arm: rule.rule });
  return who && { who, version: rule.destinations[0].key, rule };
}

/** The route's own matches; one that takes everything where it has none. */
function ownMatches(dialect: MatchDialect, base: Fields): readonly Fields[] {
  const matches = fieldsListOf(base[dialect.field]);
  return matches.length > 0 ? matches : [{}];
}

/** Each alternative stands once for each match of the route. */
function readWho(
  dialect: MatchDialect,
  rules: { base: Fields; arm: Fields },
): Alternative[] | undefined {
  const own = ownMatches(dialect, rules.base);
  const written = fieldsListOf(rules.arm[dialect.field]);
  if (written.length === 0 || written.length % own.length !== 0) {
    return undefined;
  }
  const who: Alternative[] = [];
  for (const [index, match] of written.entries()) {
    const alternative = dialect.extract(own[index % own.length], match);
    const known = who[Math.floor(index / own.length)];
    if (!alternative || (known && !isSame(known, alternative))) {
      return undefined;
    }
    if (!known) {
      who.push(alternative);
    }
  }
  return who;
}

/** The matches of an arm, or which condition the route's own rule out. */
export function writeWho(
  dialect: MatchDialect,
  base: Fields,
  who: readonly Alternative[],
): { matches: Fields[] } | (MergeProblem & { alternative: number }) {
  const matches: Fields[] = [];
  for (const [index, alternative] of who.entries()) {
    for (const own of ownMatches(dialect, base)) {
      const match = mergeMatch(dialect, own, alternative);
      if (isMergeProblem(match)) {
        return { ...match, alternative: index };
      }
      matches.push(match);
    }
  }
  return { matches };
}

/** Whether two say the same of who is meant, whatever the order of conditions and alternatives. */
export function isSameWho(left: Arm['who'], right: Arm['who']): boolean {
  return whoKey(left) === whoKey(right);
}

export function whoKey(who: Arm['who']): string {
  return JSON.stringify(
    who
      .map(alternative => alternative.map(canonical).sort())
      .map(canonical)
      .sort(),
  );
}

/** The object with other rules where the block stands. */
export function withBlock(
  object: KubeObject,
  block: ArmBlock,
  rules: readonly Fields[],
): KubeObject {
  const { section, start, base } = block;
  const present = fieldsOf(object.spec)[section] as readonly unknown[];
  const old = present.slice(start, base.index + 1);
  if (
    old.length === rules.length &&
    old.every((rule, at) => rule === rules[at])
  ) {
    return object;
  }
  return {
    ...object,
    spec: {
      ...object.spec,
      [section]: [
        ...present.slice(0, start),
        ...rules,
        ...present.slice(base.index + 1),
      ],
    },
  };
}
