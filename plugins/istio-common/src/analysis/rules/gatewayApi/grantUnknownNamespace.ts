import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** A grant to a namespace that is not there opens the door for whoever may create it. */
export const grantUnknownNamespace: Rule = {
  code: 'ISB0915',
  name: 'reference-grant-unknown-namespace',
  title: 'A ReferenceGrant trusts a namespace that does not exist',
  severity: 'warning',
  explanation:
    'The grant has no effect now. Whoever creates a namespace of that name later may reach into this one.',
  remedy: 'Correct the name, or take the entry out.',
  equivalents: ['KIA1601'],
  subjects: ['ReferenceGrant'],
  inputs: ['Namespace'],
  reach: 'mesh',
  reachOf: { ReferenceGrant: 'object' },
  check(subject, { snapshot }) {
    // Files without any Namespace say nothing about which there are.
    if (snapshot.list('Namespace').length === 0) return [];
    return fieldsListOf(fieldsOf(subject.spec).from).flatMap((from, index) => {
      const name = textOf(from.namespace);
      return !name || snapshot.get('Namespace', undefined, name)
        ? []
        : [
            {
              message: `There is no namespace ${name}: whoever creates it is trusted.`,
              path: `spec.from[${index}].namespace`,
            },
          ];
    });
  },
};
