import { fieldsOf, listOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** What is no name of a namespace: everybody, the own one, nobody. */
const WORDS = ['*', '.', '~'];

/** Source: istio.io reference, exportTo of VirtualService, DestinationRule and ServiceEntry. */
export const unknownExportNamespace: Rule = {
  code: 'ISB1301',
  name: 'export-to-unknown-namespace',
  title: 'An object is exported to a namespace that does not exist',
  severity: 'warning',
  explanation:
    'exportTo lists the namespaces that may see the object. A name that is wrong hides it from those it was meant for, without a word.',
  remedy: 'Correct the name, or remove it if the namespace is gone.',
  equivalents: ['KIA0005'],
  subjects: ['VirtualService', 'DestinationRule', 'ServiceEntry'],
  inputs: ['Namespace'],
  reach: 'mesh',
  reachOf: {
    VirtualService: 'object',
    DestinationRule: 'object',
    ServiceEntry: 'object',
  },
  check(subject, { snapshot }) {
    return listOf(fieldsOf(subject.spec).exportTo).flatMap((entry, index) =>
      typeof entry !== 'string' ||
      entry === '' ||
      WORDS.includes(entry) ||
      snapshot.get('Namespace', undefined, entry)
        ? []
        : [
            {
              message: `There is no namespace ${entry} to export it to.`,
              path: `spec.exportTo[${index}]`,
            },
          ],
    );
  },
};
