import { compileNamespace } from '../../../mesh/authorization/matchPrincipal';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { listValues } from './policyTerms';

function exists(snapshot: MeshSnapshot, pattern: string): boolean {
  if (!pattern.includes('*')) {
    return snapshot.get('Namespace', undefined, pattern) !== undefined;
  }
  const matches = compileNamespace(pattern);
  return snapshot
    .list('Namespace')
    .some(({ metadata }) => matches(`any/ns/${metadata.name}/sa/any`, []));
}

/** Source: istio/istio analyzers/authz/authorizationpolicies.go, which does not read conditions. */
export const unknownNamespace: Rule = {
  code: 'ISB0602',
  name: 'authorization-policy-unknown-namespace',
  title: 'An AuthorizationPolicy names a namespace that does not exist',
  severity: 'warning',
  explanation:
    'No caller of this cluster comes from that namespace. An ALLOW rule then lets nobody in by it, a DENY rule keeps nobody out.',
  remedy:
    'Correct the name, or remove it if the namespace is gone. In a mesh of several clusters it may exist in another one.',
  equivalents: ['IST0101', 'KIA0101'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['Namespace'],
  reach: 'mesh',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    return listValues(subject, [
      'namespaces',
      'notNamespaces',
      'source.namespace',
    ])
      .filter(({ value }) => !exists(snapshot, value))
      .map(({ value, path }) => ({
        message: value.includes('*')
          ? `No namespace matches ${value}.`
          : `There is no namespace ${value}.`,
        path,
      }));
  },
};
