import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import { isGranted } from '../../../mesh/route/gatewayApiBackends';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/config/kube/gateway conversion.go buildTLS, SecretAllowed (1.31). */
export const certificateNotGranted: Rule = {
  code: 'ISB0912',
  name: 'gateway-certificate-not-granted',
  title:
    'A Gateway uses a certificate of another namespace without a ReferenceGrant',
  severity: 'error',
  explanation:
    'A Secret of another namespace may be used only where a ReferenceGrant of that namespace allows it. There is none: the listener is not served.',
  remedy:
    'Have the owner of the Secret write a ReferenceGrant in its namespace, from Gateway to Secret, or copy the certificate into the namespace of the Gateway.',
  equivalents: [],
  subjects: ['KubernetesGateway'],
  inputs: ['ReferenceGrant'],
  reach: 'mesh',
  reachOf: { KubernetesGateway: 'object' },
  check(subject, { snapshot }) {
    const own = subject.metadata.namespace ?? '';
    return fieldsListOf(fieldsOf(subject.spec).listeners).flatMap(
      (listener, index) =>
        fieldsListOf(fieldsOf(listener.tls).certificateRefs).flatMap(
          (ref, position) => {
            const namespace = textOf(ref.namespace) ?? own;
            const name = textOf(ref.name) ?? '';
            const kind = textOf(ref.kind) ?? 'Secret';
            const to = {
              namespace,
              name,
              kind,
              group: textOf(ref.group) ?? '',
            };
            const grants = snapshot.inNamespace('ReferenceGrant', namespace);
            if (namespace === own || isGranted({ from: subject, to, grants })) {
              return [];
            }
            return [
              {
                message: `No ReferenceGrant in ${namespace} lets a Gateway of ${own} use ${kind} ${name}: listener ${
                  textOf(listener.name) ?? index
                } is not served.`,
                path: `spec.listeners[${index}].tls.certificateRefs[${position}].namespace`,
              },
            ];
          },
        ),
    );
  },
};
