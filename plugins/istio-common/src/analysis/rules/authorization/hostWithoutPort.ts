import {
  compilePolicy,
  type Term,
} from '../../../mesh/authorization/compilePolicy';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { pointerOf } from '../../facts/pointerOf';
import type { Rule, RuleFinding } from '../../types';

/** Hosts of the list that a caller gets past by sending a port with them. */
function listBare(term: Term): string[] {
  return term.values.filter(
    host =>
      !/[*:]/.test(host) &&
      !term.values.includes(`${host}:*`) &&
      !term.values.includes(`${host}*`),
  );
}

function judge(term: Term): RuleFinding[] {
  const bare = listBare(term);
  const [first] = bare;
  return first === undefined
    ? []
    : [
        {
          message: `A request for ${first}:80 is not for ${first}: with a port in its Host header it gets past the rule.`,
          path: term.fieldPath,
          fix: {
            title: `Add ${bare.map(host => `${host}:*`).join(', ')}`,
            patch: bare.map((host, index) => ({
              op: 'add' as const,
              path: `${pointerOf(term.fieldPath)}/${
                term.values.length + index
              }`,
              value: `${host}:*`,
            })),
          },
        },
      ];
}

/** Source: istio.io, "Security Best Practices", hosts of authorization policies. */
export const hostWithoutPort: Rule = {
  code: 'ISB0616',
  name: 'authorization-policy-host-without-port',
  title: 'A host is denied, but not the same host with a port',
  severity: 'warning',
  explanation:
    'Hosts are compared with the Host header as it was sent. Proxies route host and host:port alike, so a caller gets past a DENY rule, or past the exception of an ALLOW rule, by naming a port.',
  remedy: 'List each host a second time with :* behind it.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const { action } = readAuthorizationPolicy(subject);
    const unsafe: Partial<Record<string, string>> = {
      DENY: 'hosts',
      ALLOW: 'notHosts',
    };
    return compilePolicy(subject)
      .flatMap(({ operations }) => operations.flat())
      .filter(({ name }) => name === unsafe[action ?? ''])
      .flatMap(judge);
  },
};
