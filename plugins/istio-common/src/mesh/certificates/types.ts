import { z } from 'zod';
import { objectRefSchema } from '../../resources/types';

/** The public part of an X.509 certificate. */
export const x509Schema = z.object({
  subject: z.string(),
  issuer: z.string(),
  dnsNames: z.array(z.string()),
  /** RFC 3339. */
  notBefore: z.string(),
  notAfter: z.string(),
});
export type X509 = z.infer<typeof x509Schema>;

/** What a look at one Secret brought: the public part only, or why there is none. */
export type CertificateReading = { namespace: string; name: string } & (
  | {
      state: 'read';
      /** By entry of the Secret, `tls.crt`; each the owner's own first, then those that vouch for it. */
      chains: Readonly<Record<string, readonly X509[]>>;
    }
  | { state: 'missing' }
  /** In words without secrets. */
  | { state: 'unreadable'; reason: string }
);

/** `authority`: callers' certificates are checked with it, it proves nothing about hosts. */
export type CertificateUse = 'server' | 'authority';

/** From how many days before its end a certificate is told. */
export interface ExpiryDays {
  soon: number;
  urgent: number;
}

/** What is known of certificates beside cert-manager's objects, and what is expected of them. */
export interface CertificateKnowledge {
  /** Of Secrets that were looked at; nothing is said of others. */
  readings?: readonly CertificateReading[];
  /** 30 and 7 days unless set. */
  days?: ExpiryDays;
}

export const expirySchema = z.enum([
  'valid',
  'soon',
  'urgent',
  'expired',
  'notYetValid',
  'unknown',
]);
export type Expiry = z.infer<typeof expirySchema>;

/** What is known of a certificate that a gateway serves. */
export const certificateStateSchema = z.object({
  /** `missing`: it is known not to be there. */
  state: z.enum(['known', 'missing', 'unknown']),
  expiry: expirySchema,
  /** RFC 3339; of a chain the time at which its first certificate ends. */
  notAfter: z.string().optional(),
  notBefore: z.string().optional(),
  dnsNames: z.array(z.string()),
  subject: z.string().optional(),
  issuer: z.string().optional(),
  /** "Ends in 12 days, on 2026-07-26." */
  text: z.string(),
  /** What said so. */
  decidedBy: z
    .object({ object: objectRefSchema, fieldPath: z.string() })
    .optional(),
});
export type CertificateState = z.infer<typeof certificateStateSchema>;
