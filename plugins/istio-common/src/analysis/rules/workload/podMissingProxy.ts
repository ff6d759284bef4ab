import { fieldsOf } from '../../../resources/fields';
import { readPod } from '../../../resources/pod';
import { wantsSidecar } from '../../selection/wantsSidecar';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/injection/injection.go; pkg/kube/inject injectRequired for who gets one. */
export const podMissingProxy: Rule = {
  code: 'ISB0808',
  name: 'pod-missing-proxy',
  title: 'A pod runs without the sidecar that its labels ask for',
  severity: 'warning',
  explanation:
    'The pod started before the label was set, or the injector of that revision did not answer. Its calls are plaintext, no route or policy applies to them, and a STRICT server refuses it.',
  remedy:
    'Restart the workload. If new pods come without proxy too, the revision that the label names is not installed.',
  equivalents: ['IST0103'],
  subjects: ['Pod'],
  inputs: ['Namespace'],
  reach: 'namespace',
  reachOf: { Pod: 'object' },
  check(subject, { snapshot }) {
    const { metadata } = subject;
    const { gone, proxy } = readPod(subject);
    const { namespace = '' } = metadata;
    if (gone || proxy !== 'none' || namespace === snapshot.rootNamespace) {
      return [];
    }
    const { wanted, why } = wantsSidecar(snapshot, {
      namespace,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      hostNetwork: fieldsOf(subject.spec).hostNetwork,
    });
    return wanted
      ? [
          {
            message: `It has no proxy, although ${why} asks for one.`,
            path: 'spec.containers',
          },
        ]
      : [];
  },
};
