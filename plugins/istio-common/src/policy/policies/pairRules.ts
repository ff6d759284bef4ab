import { fieldsListOf, type Fields } from '../../resources/fields';

/** Rules of an object before and after an edit. A rule is the same one while it takes the same requests. */
export interface PairedRules {
  both: [was: Fields, is: Fields][];
  /** Only there before, or only there afterwards. */
  alone: Fields[];
}

/** Pairs the rules of a VirtualService or of a route of the Gateway API by their conditions. */
export function pairRules(before: Fields, after: Fields): PairedRules {
  const paired: PairedRules = { both: [], alone: [] };
  for (const section of ['http', 'tcp', 'tls', 'rules']) {
    const left = fieldsListOf(before[section]).map(rule => ({
      rule,
      key: conditionsOf(rule),
    }));
    for (const rule of fieldsListOf(after[section])) {
      const at = left.findIndex(({ key }) => key === conditionsOf(rule));
      if (at < 0) {
        paired.alone.push(rule);
      } else {
        paired.both.push([left[at].rule, rule]);
        left.splice(at, 1);
      }
    }
    paired.alone.push(...left.map(({ rule }) => rule));
  }
  return paired;
}

function conditionsOf({ match, matches }: Fields): string {
  return JSON.stringify(match ?? matches ?? []);
}
