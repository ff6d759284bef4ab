import { type Field, quote } from '../Field';
import { isIp } from './addresses';
import { explainHost, isDnsLabel, isPartialWildcard } from './names';

/**
 * `host` or `namespace/host` of a Gateway, `namespace/host` of a Sidecar.
 *
 * Source: agent.ValidateNamespaceSlashWildcardHostname.
 */
export function checkNamespacedHost(
  field: Field,
  kind: 'gateway' | 'sidecar',
): void {
  const written = field.text();
  const slash = written.indexOf('/');
  if (slash < 0) {
    if (kind === 'gateway') {
      checkHostPart(field, written, kind);
    } else {
      field.error(`must be namespace/host, it is ${quote(written)}`);
    }
    return;
  }
  const namespace = written.slice(0, slash);
  const host = written.slice(slash + 1);
  if (namespace === '' || host === '') {
    field.error(`must be namespace/host, it is ${quote(written)}`);
  }
  // A Sidecar may leave a namespace out with "~".
  const name = kind === 'sidecar' ? namespace.replace(/^~/, '') : namespace;
  const open = ['*', '.', ...(kind === 'sidecar' ? [''] : [])];
  if (!open.includes(name) && !isDnsLabel(name)) {
    field.error(
      `must have "*", "." or a namespace before "/", it is ${quote(written)}`,
    );
  }
  checkHostPart(field, host, kind);
}

function checkHostPart(
  field: Field,
  host: string,
  kind: 'gateway' | 'sidecar',
): void {
  if (host !== '*' && !host.includes('.')) {
    field.error(`must be a full host name with a dot, it is ${quote(host)}`);
  }
  const why = explainHost(host);
  if (why && (kind === 'sidecar' || !isIp(host))) {
    field.error(why);
  }
  if (isPartialWildcard(host)) {
    field.error(
      `may have "*" only as a whole first part, it is ${quote(host)}`,
    );
  }
}
