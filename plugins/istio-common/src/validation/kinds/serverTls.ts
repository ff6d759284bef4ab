import type { Field } from '../Field';

/** The first is what an unwritten mode means. */
export const SERVER_TLS_MODES = [
  'PASSTHROUGH',
  'SIMPLE',
  'MUTUAL',
  'AUTO_PASSTHROUGH',
  'ISTIO_MUTUAL',
  'OPTIONAL_MUTUAL',
] as const;

const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];

/** `tls` of a Gateway's server. Source: istio/istio pkg/config/validation validateTLSOptions. */
export function checkServerTls(tls: Field): void {
  if (!tls.isSet) {
    return;
  }
  checkCiphers(tls);
  const mode = tls.at('mode').choice(SERVER_TLS_MODES);
  const has = (name: string) =>
    ['tlsCertificates', 'credentialNames'].includes(name)
      ? tls.at(name).items().length > 0
      : tls.at(name).text() !== '';
  if (mode === 'ISTIO_MUTUAL') {
    for (const name of [
      'serverCertificate',
      'privateKey',
      'caCertificates',
      'tlsCertificates',
      'credentialName',
      'credentialNames',
    ]) {
      if (has(name)) {
        tls.at(name).error('must not stand beside mode ISTIO_MUTUAL');
      }
    }
    return;
  }
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    const ignored = [
      'caCrl',
      'serverCertificate',
      'privateKey',
      'caCertificates',
      'tlsCertificates',
      'credentialName',
      'credentialNames',
    ].filter(has);
    if (ignored.length > 0) {
      tls.warn(`${ignored.join(', ')} have no effect with mode ${mode}`);
    }
  }
  checkCertificates(tls, { mode, has });
}

function checkCiphers(tls: Field): void {
  const version = tls.at('minProtocolVersion').text();
  const suites = tls.at('cipherSuites').items();
  if (['TLSV1_0', 'TLSV1_1'].includes(version) && suites.length === 0) {
    tls
      .at('cipherSuites')
      .warn(`must name ciphers that ${version} knows, the default ones do not`);
  }
  const seen = new Set<string>();
  for (const suite of suites) {
    const name = suite.text();
    const known =
      name === '' ||
      name === 'ALL' ||
      /^[^\p{L}\p{N}]/u.test(name) ||
      CIPHERS.includes(name);
    if (!known) {
      suite.warn(`${name} is not known and will be ignored`);
    } else if (seen.has(name)) {
      suite.warn(`names ${name} a second time`);
    }
    seen.add(name);
  }
}

function checkCertificates(
  tls: Field,
  options: { mode: string; has(name: string): boolean },
): void {
  const { mode, has } = options;
  const sources = [
    has('serverCertificate') && has('privateKey'),
    has('credentialName'),
    has('credentialNames'),
    has('tlsCertificates'),
  ].filter(Boolean).length;
  if (sources > 1) {
    tls.error(
      'must have only one of credentialName, credentialNames, serverCertificate with privateKey, and tlsCertificates',
    );
  }
  const terminates = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode);
  if (terminates && (has('credentialName') || has('credentialNames'))) {
    return;
  }
  if (terminates) {
    if (mode !== 'SIMPLE' && !has('caCertificates')) {
      tls.at('caCertificates').error(`is required for ${mode}`);
    }
    const listed = tls.at('tlsCertificates').items();
    if (listed.length > 2) {
      tls.at('tlsCertificates').warn('may name two certificates at most');
    }
    for (const pair of listed.length > 0 ? listed : [tls]) {
      for (const name of ['serverCertificate', 'privateKey']) {
        if (pair.at(name).text() === '') {
          pair.at(name).error(`is required for ${mode}, or a credentialName`);
        }
      }
    }
  }
  if (has('caCrl')) {
    if (has('credentialName')) {
      tls
        .at('caCrl')
        .error('must be part of the credential beside credentialName');
    }
    if (mode === 'SIMPLE') {
      tls.at('caCrl').error('has no use with SIMPLE');
    }
  }
}
