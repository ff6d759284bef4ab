import { X509Certificate } from 'node:crypto';
import type { X509 } from '@istio-backstage/plugin-istio-common';

const BLOCK =
  /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

/** The certificates of a PEM text in its order, without anything else it holds. Throws for one that is none. */
export function parseCertificates(pem: string): X509[] {
  return (pem.match(BLOCK) ?? []).map(block => {
    const read = new X509Certificate(block);
    return {
      subject: oneLine(read.subject),
      issuer: oneLine(read.issuer),
      dnsNames: dnsNamesOf(read),
      notBefore: new Date(read.validFrom).toISOString(),
      notAfter: new Date(read.validTo).toISOString(),
    };
  });
}

/** `CN=shop\nO=Shop` as `CN=shop, O=Shop`. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function dnsNamesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .filter(entry => entry.startsWith('DNS:'))
    .map(entry => entry.slice('DNS:'.length));
}
