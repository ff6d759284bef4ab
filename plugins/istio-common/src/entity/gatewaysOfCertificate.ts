import { readCertificateObject } from '../resources/certificate';
import { fieldsListOf, fieldsOf, textOf, textsOf } from '../resources/fields';
import { readGateway } from '../resources/gateway';
import { memoizeByIdentity } from '../resources/memoize';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';

/** By name of the Secret, of whatever namespace. */
const gatewaysBySecret = memoizeByIdentity((snapshot: MeshSnapshot) => {
  const gateways = new Map<string, KubeObject[]>();
  const add = (name: string | undefined, gateway: KubeObject) => {
    if (name === undefined) return;
    const known = gateways.get(name) ?? [];
    if (!known.includes(gateway)) gateways.set(name, [...known, gateway]);
  };
  for (const gateway of snapshot.list('Gateway')) {
    for (const { tls } of fieldsListOf(fieldsOf(gateway.spec).servers)) {
      const { credentialName, credentialNames } = fieldsOf(tls);
      add(textOf(credentialName), gateway);
      textsOf(credentialNames).forEach(name => add(name, gateway));
    }
  }
  for (const gateway of snapshot.list('KubernetesGateway')) {
    for (const { name } of certificateRefs(gateway)) add(textOf(name), gateway);
  }
  return gateways;
});

/**
 * Gateways that serve what cert-manager's Certificate is for: Istio's name a Secret beside their pods, Gateway
 * API's one of their own namespace or of one they name.
 */
export function gatewaysOfCertificate(
  snapshot: MeshSnapshot,
  certificate: KubeObject,
): readonly KubeObject[] {
  const { namespace = '' } = certificate.metadata;
  const { secretName } = readCertificateObject(certificate);
  const named = gatewaysBySecret(snapshot).get(secretName ?? '') ?? [];
  return named.filter(gateway => {
    const own = gateway.metadata.namespace ?? '';
    if (gateway.apiVersion.startsWith('networking.istio.io/')) {
      return (
        own === namespace ||
        snapshot.findWorkloads(readGateway(gateway).selector, namespace)
          .length > 0
      );
    }
    return certificateRefs(gateway).some(
      ref =>
        ref.name === secretName && (textOf(ref.namespace) ?? own) === namespace,
    );
  });
}

function certificateRefs(gateway: KubeObject) {
  return fieldsListOf(fieldsOf(gateway.spec).listeners).flatMap(({ tls }) =>
    fieldsListOf(fieldsOf(tls).certificateRefs),
  );
}
