import { readCertificateObject } from '../../resources/certificate';
import { compareText } from '../../resources/objectKey';
import { KubeObject, ObjectRef } from '../../resources/types';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { perLists } from '../route/perLists';
import { describeExpiry, judgeExpiry } from './judgeExpiry';
import {
  CertificateKnowledge,
  CertificateReading,
  CertificateState,
  CertificateUse,
} from './types';

interface Question {
  snapshot: MeshSnapshot;
  secret: { namespace: string; name: string };
  use: CertificateUse;
  now: number;
  knowledge?: CertificateKnowledge;
}

const UNKNOWN: CertificateState = {
  state: 'unknown',
  expiry: 'unknown',
  dnsNames: [],
  text: 'When it ends is not known.',
};

/**
 * What is known of the certificate in a Secret: from the Secret itself where it was looked at, else from
 * cert-manager's Certificate that fills it. Nothing known is unknown, never valid.
 */
export function resolveCertificate(question: Question): CertificateState {
  const { snapshot, secret, knowledge } = question;
  const reading = knowledge?.readings?.find(
    ({ namespace, name }) =>
      namespace === secret.namespace && name === secret.name,
  );
  // cert-manager tells when what it issued ends, not those that vouch for callers.
  const issued =
    question.use === 'server' ? certificateOf(snapshot, secret) : undefined;
  if (reading?.state === 'read') return ofReading(question, reading);
  if (reading?.state === 'missing') {
    return {
      ...UNKNOWN,
      state: 'missing',
      text: `There is no Secret ${secret.name} in ${secret.namespace}.${
        issued ? whyNotReady(issued) : ''
      }`,
      ...by(secretRef(question), ''),
    };
  }
  if (issued) return ofCertificate(question, issued);
  const why =
    reading?.state === 'unreadable'
      ? `Its Secret could not be read: ${reading.reason}.`
      : whyUnknown(snapshot);
  return { ...UNKNOWN, text: `${UNKNOWN.text} ${why}` };
}

/** A certificate in a place nobody can look into. */
export function unknownCertificate(why: string): CertificateState {
  return { ...UNKNOWN, text: `${UNKNOWN.text} ${why}` };
}

function ofReading(
  question: Question,
  { chains }: Extract<CertificateReading, { state: 'read' }>,
): CertificateState {
  const entry = question.use === 'server' ? 'tls.crt' : 'ca.crt';
  const chain = chains[entry] ?? [];
  const [own] = chain;
  const decided = by(secretRef(question), `data.${entry}`);
  if (!own) {
    return {
      ...UNKNOWN,
      text: `${UNKNOWN.text} ${entry} of its Secret holds no certificate.`,
      ...decided,
    };
  }
  // A client follows the whole chain: it breaks with the first that ends.
  const first = [...chain].sort(
    (a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter),
  )[0];
  const times = {
    notBefore: Date.parse(own.notBefore),
    notAfter: Date.parse(first.notAfter),
  };
  return {
    ...judge(question, times),
    dnsNames: own.dnsNames,
    subject: own.subject,
    issuer: own.issuer,
    ...decided,
  };
}

function ofCertificate(
  question: Question,
  issued: KubeObject,
): CertificateState {
  const { snapshot } = question;
  const view = readCertificateObject(issued);
  const { notBefore, notAfter, dnsNames, issuer } = view;
  const shared = { dnsNames, ...(issuer === undefined ? {} : { issuer }) };
  if (notAfter === undefined) {
    const refused = view.ready === false;
    return {
      ...UNKNOWN,
      ...shared,
      state: refused ? 'missing' : 'unknown',
      text: refused
        ? `cert-manager has not issued it yet.${whyNotReady(issued)}`
        : `${UNKNOWN.text} cert-manager has not said anything of it yet.`,
      ...by(snapshot.refOf(issued), refused ? 'status.conditions' : 'spec'),
    };
  }
  const judged = judge(question, { notBefore, notAfter });
  const { renewalTime = 0, failure } = view;
  // One that is renewed later than usual on purpose is not late before that.
  const isDueLater = failure === undefined && renewalTime > question.now;
  return {
    ...judged,
    ...shared,
    // Names that are asked for are not in the certificate before it is issued anew.
    dnsNames: view.ready === false ? [] : dnsNames,
    ...(isDueLater && ['soon', 'urgent'].includes(judged.expiry)
      ? { expiry: 'valid' as const }
      : {}),
    text: `${judged.text}${whyNotReady(issued)}`,
    ...by(snapshot.refOf(issued), 'status.notAfter'),
  };
}

function judge(
  { now, knowledge }: Question,
  times: { notBefore?: number; notAfter: number },
): CertificateState {
  const { notBefore, notAfter } = times;
  return {
    state: 'known',
    expiry: judgeExpiry(times, {
      now,
      ...(knowledge?.days ? { days: knowledge.days } : {}),
    }),
    notAfter: new Date(notAfter).toISOString(),
    ...(notBefore === undefined
      ? {}
      : { notBefore: new Date(notBefore).toISOString() }),
    dnsNames: [],
    text: describeExpiry(times, now),
  };
}

function whyNotReady(issued: KubeObject): string {
  const { failure } = readCertificateObject(issued);
  return failure === undefined
    ? ''
    : ` cert-manager says: ${failure.replace(/\.?$/, '.')}`;
}

function whyUnknown(snapshot: MeshSnapshot): string {
  return isKnown(snapshot, 'Certificate')
    ? 'No Certificate of cert-manager fills its Secret, and the Secret was not looked at.'
    : 'The Secret was not looked at, and there are no Certificates of cert-manager to read.';
}

function by(object: ObjectRef, fieldPath: string) {
  return { decidedBy: { object, fieldPath } };
}

function secretRef({ snapshot, secret }: Question): ObjectRef {
  return {
    cluster: snapshot.cluster,
    apiVersion: 'v1',
    kind: 'Secret',
    ...secret,
  };
}

const bySecret = perLists(lists => {
  const index = new Map<string, KubeObject>();
  const objects = [...(lists[0] as readonly KubeObject[])].sort((a, b) =>
    compareText(a.metadata.name, b.metadata.name),
  );
  for (const object of objects) {
    const { secretName } = readCertificateObject(object);
    const key = `${object.metadata.namespace}/${secretName}`;
    // Two that fill one Secret fight each other; the one that was issued last holds it.
    const other = index.get(key);
    if (!other || endOf(object) > endOf(other)) index.set(key, object);
  }
  return index;
});

function endOf(object: KubeObject): number {
  return readCertificateObject(object).notAfter ?? 0;
}

function certificateOf(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): KubeObject | undefined {
  return bySecret([snapshot.list('Certificate')]).get(`${namespace}/${name}`);
}
