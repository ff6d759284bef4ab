import { shortPrincipal } from '../../mesh/authorization/describeRules';
import { formatList } from '../../telemetry/format';
import type { CallerRule, WhoMayCallParams } from './schema';
import { keyOf } from './writeRules';

const VERBS = {
  ALLOW: { does: 'allows', not: 'no longer allows' },
  DENY: { does: 'denies', not: 'no longer denies' },
} as const;

/** "allows storefront/checkout, no longer allows catalog/catalog (GET /plans), as a trial" */
export function titleOfRules(options: {
  action: WhoMayCallParams['action'];
  before: { rules: readonly CallerRule[]; dryRun?: boolean };
  after: { rules: readonly CallerRule[]; dryRun: boolean };
}): string {
  const { action, before, after } = options;
  const verbs = VERBS[action];
  const added = without(after.rules, before.rules);
  const gone = without(before.rules, after.rules);
  const parts = [
    ...(added.length > 0 ? [`${verbs.does} ${wordCallers(added)}`] : []),
    ...(gone.length > 0 ? [`${verbs.not} ${wordCallers(gone)}`] : []),
    ...(before.dryRun === true && !after.dryRun ? ['enforces the trial'] : []),
    ...(after.dryRun && hasAny(added, gone) ? ['as a trial'] : []),
  ];
  return parts.length === 0 ? 'no change' : parts.join(', ');
}

/** "allows storefront/checkout" */
export function describeRulesOf(params: WhoMayCallParams): string {
  const { does } = VERBS[params.action];
  const who =
    params.rules.length === 0 ? 'nobody by name' : wordCallers(params.rules);
  return `${does} ${who}${params.dryRun ? ', as a trial' : ''}`;
}

function hasAny(...lists: (readonly CallerRule[])[]): boolean {
  return lists.some(list => list.length > 0);
}

/** One rule per caller, so that one more in a list is told as one more. */
function single(rules: readonly CallerRule[]): CallerRule[] {
  return rules.flatMap(({ principals = [], namespaces = [], ...what }) => [
    ...principals.map(each => ({ ...what, principals: [each] })),
    ...namespaces.map(each => ({ ...what, namespaces: [each] })),
  ]);
}

function without(
  these: readonly CallerRule[],
  others: readonly CallerRule[],
): CallerRule[] {
  const known = new Set(single(others).map(keyOf));
  return single(these).filter(rule => !known.has(keyOf(rule)));
}

function wordCallers(rules: readonly CallerRule[]): string {
  return formatList(single(rules).map(wordCaller));
}

function wordCaller(rule: CallerRule): string {
  const { principals, namespaces, ports, methods, paths } = rule;
  const who = principals
    ? shortPrincipal(principals[0])
    : `namespace ${namespaces?.[0]}`;
  const what = [
    methods?.join(', '),
    paths?.join(', '),
    ports && `port ${ports.join(', ')}`,
  ].filter(word => word !== undefined);
  return what.length === 0 ? who : `${who} (${what.join(' ')})`;
}
