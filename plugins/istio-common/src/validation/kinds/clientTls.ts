import { type Field, quote } from '../Field';

const MODES = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'] as const;
const TEXTS = [
  'clientCertificate',
  'privateKey',
  'caCertificates',
  'caCrl',
  'sni',
];
const CONFIG_MAP = 'configmap://';

/** `tls` of a traffic policy. Source: istio/istio pkg/config/validation/agent ValidateTLS. */
export function checkClientTls(tls: Field, namespace: string): void {
  if (!tls.isSet) {
    return;
  }
  const mode = tls.at('mode').choice(MODES);
  TEXTS.forEach(name => tls.at(name).text());
  const has = (name: string) => tls.at(name).text() !== '';
  const credential = tls.at('credentialName').text();
  if (credential.startsWith(CONFIG_MAP)) {
    checkConfigMap(tls.at('credentialName'), namespace);
  }
  if (tls.at('insecureSkipVerify').flag()) {
    const checked = [
      ...(has('caCertificates') ? ['caCertificates'] : []),
      ...(has('credentialName') && mode === 'SIMPLE' ? ['credentialName'] : []),
      ...(tls.at('subjectAltNames').items().length > 0
        ? ['subjectAltNames']
        : []),
    ];
    if (mode === 'SIMPLE' || mode === 'MUTUAL') {
      for (const name of checked) {
        tls.at(name).error('must not stand beside insecureSkipVerify: true');
      }
    }
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credential !== '') {
    for (const name of [
      'clientCertificate',
      'caCertificates',
      'privateKey',
      'caCrl',
    ]) {
      if (has(name)) {
        tls.at(name).error('must not stand beside credentialName');
      }
    }
    return;
  }
  if (mode === 'MUTUAL') {
    for (const name of ['clientCertificate', 'privateKey']) {
      if (!has(name)) {
        tls.at(name).error('is required for MUTUAL, or a credentialName');
      }
    }
  }
}

function checkConfigMap(field: Field, namespace: string): void {
  const parts = field.text().slice(CONFIG_MAP.length).split('/');
  const [owner, name] = parts.length === 1 ? [namespace, parts[0]] : parts;
  if (parts.length > 2 || !owner || !name) {
    field.error(
      `must look like configmap://namespace/name, it is ${quote(field.text())}`,
    );
  } else if (owner !== namespace) {
    field.error(`must name a ConfigMap of namespace ${namespace}`);
  }
}
