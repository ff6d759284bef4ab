import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { ScenarioCertificate } from '../schema';
import { agoMs, momentOf, timestamp, WorldTimes } from '../timeline';

/** cert-manager renews when a third of the lifetime is left, unless it is told otherwise. */
const RENEWED_AFTER = 2 / 3;

/** A Certificate as cert-manager keeps it; the Secret that it fills is not part of the world. */
export function certificateObject(
  certificate: ScenarioCertificate,
  times: WorldTimes,
): KubeObject {
  const { name, namespace, hosts, issuer, lasts, failure } = certificate;
  const issued = momentOf(times, certificate.issued);
  const lifetime = agoMs(lasts);
  const renewal = issued + lifetime * RENEWED_AFTER;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace, creationTimestamp: timestamp(issued) },
    spec: {
      secretName: certificate.secretName ?? name,
      dnsNames: hosts,
      issuerRef: { kind: 'ClusterIssuer', name: issuer },
    },
    status: {
      notBefore: timestamp(issued),
      notAfter: timestamp(issued + lifetime),
      renewalTime: timestamp(renewal),
      revision: 1,
      conditions: [
        failure === undefined
          ? readyCondition(issued)
          : issuingCondition(failure, renewal),
        ...(failure === undefined ? [] : [readyCondition(issued)]),
      ],
    },
  };
}

function readyCondition(since: number) {
  return {
    type: 'Ready',
    status: 'True',
    reason: 'Ready',
    message: 'Certificate is up to date and has not expired',
    lastTransitionTime: timestamp(since),
  };
}

/** While a renewal fails the old certificate stays ready until it ends. */
function issuingCondition(message: string, since: number) {
  return {
    type: 'Issuing',
    status: 'False',
    reason: 'Failed',
    message,
    lastTransitionTime: timestamp(since),
  };
}
