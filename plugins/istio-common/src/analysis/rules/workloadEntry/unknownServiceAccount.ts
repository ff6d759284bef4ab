import { fieldsOf, textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** The account that machines of a group register with. Source: istio.io "Virtual Machine Installation". */
export const groupUnknownServiceAccount: Rule = {
  code: 'ISB0411',
  name: 'workload-group-unknown-service-account',
  title: 'A WorkloadGroup names a service account that does not exist',
  severity: 'warning',
  explanation:
    'A machine joins the mesh with a token of this account. Kubernetes issues none for an account that does not exist, so machines of the group cannot register or get a certificate.',
  remedy: 'Create the service account, or name one of the namespace.',
  equivalents: [],
  subjects: ['WorkloadGroup'],
  inputs: ['ServiceAccount'],
  reach: 'namespace',
  reachOf: { WorkloadGroup: 'object' },
  check(subject, { snapshot }) {
    const { namespace } = subject.metadata;
    const template = fieldsOf(fieldsOf(subject.spec).template);
    // Kubernetes makes the account "default" in every namespace.
    const name = textOf(template.serviceAccount) ?? 'default';
    if (name === 'default' || snapshot.get('ServiceAccount', namespace, name)) {
      return [];
    }
    return [
      {
        message: `There is no service account ${namespace}/${name}: machines of the group cannot join the mesh.`,
        path: 'spec.template.serviceAccount',
      },
    ];
  },
};
