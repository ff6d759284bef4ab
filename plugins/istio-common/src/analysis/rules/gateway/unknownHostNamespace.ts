import {
  fieldsListOf,
  fieldsOf,
  listOf,
  textOf,
} from '../../../resources/fields';
import type { Rule } from '../../types';

/** Source: istio.io reference, Server.hosts: namespace/host lets the VirtualServices of that namespace in. */
export const unknownHostNamespace: Rule = {
  code: 'ISB0309',
  name: 'gateway-unknown-host-namespace',
  title: 'A server of a Gateway lets in a namespace that does not exist',
  severity: 'warning',
  explanation:
    'namespace/host means that only VirtualServices of that namespace may use the host. There is no such namespace, so nobody can route the host here.',
  remedy: 'Correct the namespace, or write ./host or */host.',
  equivalents: [],
  subjects: ['Gateway'],
  inputs: ['Namespace'],
  reach: 'mesh',
  reachOf: { Gateway: 'object' },
  check(subject, { snapshot }) {
    return fieldsListOf(fieldsOf(subject.spec).servers).flatMap(
      (server, index) =>
        listOf(server.hosts).flatMap((value, position) => {
          const [namespace, host] = (textOf(value) ?? '').split('/');
          const known =
            host === undefined ||
            ['.', '*', ''].includes(namespace) ||
            namespace === subject.metadata.namespace ||
            snapshot.get('Namespace', undefined, namespace) !== undefined;
          return known
            ? []
            : [
                {
                  message: `There is no namespace ${namespace} whose VirtualServices could use ${host}.`,
                  path: `spec.servers[${index}].hosts[${position}]`,
                },
              ];
        }),
    );
  },
};
