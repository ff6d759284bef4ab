import { readMeshSecurity } from '../../../resources/meshConfig';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { listValues, type PolicyValue } from './policyTerms';

const PRINCIPAL = /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** The account a value names, where it names exactly one of this mesh. */
function accountOf(
  { value, term }: PolicyValue,
  options: { snapshot: MeshSnapshot; policyNamespace: string },
): { namespace: string; name: string } | undefined {
  const { snapshot, policyNamespace } = options;
  if (/serviceAccount/i.test(term.name)) {
    const [first, second] = value.split('/');
    return second === undefined
      ? { namespace: policyNamespace, name: first }
      : { namespace: first, name: second };
  }
  const [, domain, namespace, name] = PRINCIPAL.exec(value) ?? [];
  const { trustDomains } = readMeshSecurity(snapshot.meshConfig);
  const own = ['cluster.local', ...trustDomains].includes(domain);
  return own ? { namespace, name } : undefined;
}

export const unknownPrincipal: Rule = {
  code: 'ISB0603',
  name: 'authorization-policy-unknown-service-account',
  title: 'An AuthorizationPolicy names a service account that does not exist',
  severity: 'warning',
  explanation:
    'A caller’s identity is that of its service account. No pod of this cluster can have an account that is not there, so the rule never matches because of it.',
  remedy:
    'Correct the account or its namespace. In a mesh of several clusters it may exist in another one.',
  equivalents: ['KIA0106', 'KIA0107'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['ServiceAccount'],
  reach: 'mesh',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const policyNamespace = subject.metadata.namespace ?? '';
    return listValues(subject, [
      'principals',
      'notPrincipals',
      'source.principal',
      'serviceAccounts',
      'notServiceAccounts',
      'source.serviceAccount',
    ]).flatMap(found => {
      const account = accountOf(found, { snapshot, policyNamespace });
      // Every namespace has the account `default`, written down or not.
      if (!account || account.name === 'default') return [];
      const { namespace, name } = account;
      return snapshot.get('ServiceAccount', namespace, name)
        ? []
        : [
            {
              message: `There is no service account ${namespace}/${name}.`,
              path: found.path,
            },
          ];
    });
  },
};
