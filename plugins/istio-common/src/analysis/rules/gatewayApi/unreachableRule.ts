import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import { describeMatches } from './routeFacts';
import { findOlderRule } from './sameRequests';

/** Gateway API: of equal matches the older route goes first, then the earlier rule. */
export const routeUnreachableRule: Rule = {
  code: 'ISB0909',
  name: 'route-unreachable-rule',
  title: 'A rule of a route can never match',
  severity: 'warning',
  explanation:
    'Every match of the rule stands, with the same meaning, in an earlier rule of the route or in an older route for the same parents and hostnames. Those get all the requests: the rule is dead, with its backends, filters and timeouts.',
  remedy:
    'Remove the rule, or make its matches differ. Two teams that route the same host should agree on one route.',
  equivalents: [],
  subjects: ['HTTPRoute', 'GRPCRoute'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const seen = new Map<string, string>();
    return readGatewayApiRoute(subject).rules.flatMap(
      ({ fieldPath, fields }) => {
        const matches = describeMatches(subject, fields);
        const earlier = matches.map(match => seen.get(match));
        for (const match of matches) {
          if (!seen.has(match)) seen.set(match, `spec.${fieldPath}`);
        }
        const path = `spec.${fieldPath}`;
        const [first] = earlier;
        if (first !== undefined && !earlier.includes(undefined)) {
          return [
            {
              message: `Never reached: ${first} matches the same requests.`,
              path,
            },
          ];
        }
        const older = findOlderRule(snapshot, subject, matches);
        return older
          ? [
              {
                message: `Never reached: ${older.kind} ${namespacedName(
                  older.metadata,
                )} matches the same requests and is older.`,
                path,
              },
            ]
          : [];
      },
    );
  },
};
