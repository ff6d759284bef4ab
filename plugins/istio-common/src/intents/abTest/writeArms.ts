import type { Fields } from '../../resources/fields';
import type { RouteTarget, CompileProblem } from '../types';
import { matchDialectOf, writeWho, type ArmBlock } from './armBlock';
import type { ResolvedArm, ResolvedArms } from './resolveArms';
import type { Sticky } from './schema';
import {
  isStickyArm,
  readCookie,
  stickyArm,
  takingKeys,
  withCookie,
  writeCookie,
} from './stickyCookie';
import type { VersionEntries } from './versionEntries';

interface ArmWriting {
  kind: RouteTarget['kind'];
  block: ArmBlock;
  resolved: ResolvedArms;
  planned: VersionEntries;
}

/** The rules of the arms, those of the cookie last; a rule that is there already is the very same object. */
export function writeArms(
  writing: ArmWriting,
): { rules: Fields[] } | { problem: CompileProblem } {
  const { block, resolved } = writing;
  const rules: Fields[] = [];
  for (const arm of [...resolved.arms, ...stickyArms(block, resolved.sticky)]) {
    const rule = writeArm(writing, arm);
    if ('problem' in rule) {
      return rule as { problem: CompileProblem };
    }
    rules.push(rule);
  }
  return { rules };
}

function stickyArms(
  { base, stickyArms: present }: ArmBlock,
  sticky: Sticky | undefined,
): ResolvedArm[] {
  if (!sticky) {
    return [];
  }
  return takingKeys(base).map(key => ({
    ...stickyArm(sticky, key),
    field: 'sticky',
    present: present.find(arm =>
      isStickyArm(arm, { cookie: sticky.cookie, key }),
    ),
  }));
}

function writeArm(
  { kind, block, planned }: ArmWriting,
  arm: ResolvedArm,
): Fields | { problem: CompileProblem } {
  const { present, version } = arm;
  const { base } = block;
  if (present?.version === version) {
    return present.rule.rule;
  }
  const entry = withoutOurCookie(planned.entries.get(version) ?? {}, {
    kind,
    block,
    key: version,
  });
  if (present) {
    return { ...present.rule.rule, [present.rule.list]: [entry] };
  }
  const dialect = matchDialectOf(kind);
  const written = writeWho(dialect, base.rule, arm.who);
  if ('why' in written) {
    return {
      problem: {
        field:
          arm.field === 'sticky'
            ? 'sticky.cookie'
            : `${arm.field}.who[${written.alternative}][${written.at}]`,
        message: written.why,
      },
    };
  }
  // An arm differs from its route in the version alone; names of rules must not stand twice.
  const { [dialect.field]: _, [base.list]: __, name: ___, ...same } = base.rule;
  return { [dialect.field]: written.matches, ...same, [base.list]: [entry] };
}

/** An arm hands out no cookie: who got there did so by other means. */
function withoutOurCookie(
  entry: Fields,
  options: { kind: string; block: ArmBlock; key: string },
): Fields {
  const { kind, block, key } = options;
  return block.sticky &&
    readCookie(entry, kind) === writeCookie(block.sticky, key)
    ? withCookie(entry, kind, undefined)
    : entry;
}

/** The route itself: its shares and the cookie its versions hand out. */
export function writeBase(
  { kind, block, resolved, planned }: ArmWriting,
  everybodyElse: string | undefined,
): { rule: Fields } | { problem: CompileProblem } {
  const { base } = block;
  const shared = shareOut(base, planned, everybodyElse);
  const taking = takingKeys(base);
  const { sticky } = resolved;
  if (sticky && taking.length < 2) {
    return {
      problem: {
        field: 'sticky',
        message: `needs a route that shares requests out; this one sends all to ${taking.join()}`,
      },
    };
  }
  const entries: Fields[] = [];
  for (const [index, entry] of shared.entries()) {
    const key = base.destinations[index]?.key;
    const wanted =
      sticky && taking.includes(key) ? writeCookie(sticky, key) : undefined;
    const present = readCookie(entry, kind);
    const ours =
      present === undefined ||
      (block.sticky && present === writeCookie(block.sticky, key));
    if (!ours && wanted !== undefined && present !== wanted) {
      return {
        problem: {
          field: 'sticky',
          message: `the destination ${key} adds a cookie of its own (set-cookie), and there is room for one; edit the object itself`,
        },
      };
    }
    entries.push(ours ? withCookie(entry, kind, wanted) : entry);
  }
  const same =
    entries.length === base.entries.length &&
    entries.every((entry, index) => entry === base.entries[index]);
  return { rule: same ? base.rule : { ...base.rule, [base.list]: entries } };
}

/** All requests to one version; the others stay, with a weight of 0. */
function shareOut(
  base: ArmBlock['base'],
  { entries }: VersionEntries,
  everybodyElse: string | undefined,
): readonly Fields[] {
  const taking = takingKeys(base);
  if (
    everybodyElse === undefined ||
    (taking.length === 1 && taking[0] === everybodyElse)
  ) {
    return base.entries;
  }
  const shared = base.entries.map((entry, index) => {
    const { key, weight } = base.destinations[index];
    const percent = key === everybodyElse ? 100 : 0;
    return (weight ?? base.omitted) === percent
      ? entry
      : { ...entry, weight: percent };
  });
  const known = base.destinations.some(({ key }) => key === everybodyElse);
  return known
    ? shared
    : [...shared, { ...entries.get(everybodyElse), weight: 100 }];
}
