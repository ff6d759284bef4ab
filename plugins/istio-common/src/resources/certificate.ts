import { fieldsListOf, fieldsOf, textOf, textsOf, timeOf } from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** The fields of cert-manager's Certificate. */
interface CertificateView {
  /** The Secret of its namespace that cert-manager keeps the certificate in. */
  secretName?: string;
  dnsNames: string[];
  issuer?: string;
  /** Epoch milliseconds, of the certificate that was issued last; undefined before the first one. */
  notBefore?: number;
  notAfter?: number;
  /** When cert-manager means to renew it. */
  renewalTime?: number;
  /** `Ready` as cert-manager says it; undefined before it said anything. */
  ready?: boolean;
  /** Why it is not ready, or why its renewal fails while the old certificate still serves. */
  failure?: string;
}

/** Source: cert-manager.io reference, Certificate (cert-manager.io/v1). */
export const readCertificateObject = memoizeByIdentity(
  (object: KubeObject): CertificateView => {
    const spec = fieldsOf(object.spec);
    const status = fieldsOf(object.status);
    const commonName = textOf(spec.commonName);
    const view: CertificateView = {
      dnsNames: [
        ...new Set([
          ...textsOf(spec.dnsNames),
          ...(commonName === undefined ? [] : [commonName]),
        ]),
      ],
      secretName: textOf(spec.secretName),
      issuer: textOf(fieldsOf(spec.issuerRef).name),
      notBefore: timeOf(status.notBefore),
      notAfter: timeOf(status.notAfter),
      renewalTime: timeOf(status.renewalTime),
    };
    const conditions = fieldsListOf(status.conditions);
    const ready = conditions.find(({ type }) => type === 'Ready');
    const failed =
      conditions.find(
        ({ type, status: state, reason }) =>
          type === 'Issuing' && state === 'False' && reason === 'Failed',
      ) ?? (ready?.status === 'False' ? ready : undefined);
    const failure = textOf(failed?.message) ?? textOf(failed?.reason);
    return {
      ...view,
      ...(ready ? { ready: ready.status === 'True' } : {}),
      ...(failure === undefined ? {} : { failure }),
    };
  },
);
