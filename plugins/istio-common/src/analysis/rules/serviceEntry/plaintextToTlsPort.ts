import { readDestinationRule } from '../../../resources/destinationRule';
import {
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { resolveHost } from '../../../resources/host';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import { isCovered, isWildcard } from '../../../mesh/route/hostPatterns';
import { perLists } from '../../../mesh/route/perLists';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';

const HTTPS_PORT = 443;
const CLEAR = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

/** A port that says HTTP goes out as HTTP: only a DestinationRule makes TLS of it. */
export const plaintextToTlsPort: Rule = {
  code: 'ISB0407',
  name: 'service-entry-plaintext-to-tls-port',
  title: 'A ServiceEntry sends plain HTTP to port 443',
  severity: 'warning',
  explanation:
    'The port is declared as HTTP, so proxies open a plaintext connection to port 443 of the outside service, which expects TLS and closes it. Clients that send HTTPS themselves are not understood either, because the proxy reads their bytes as HTTP.',
  remedy:
    'Declare the port as HTTPS or TLS if the clients send TLS themselves. To let the proxies add it, keep HTTP and write a DestinationRule with tls mode SIMPLE for the host.',
  equivalents: [],
  subjects: ['ServiceEntry'],
  inputs: ['DestinationRule'],
  reach: 'mesh',
  reachOf: { ServiceEntry: 'object' },
  check(subject, { snapshot }) {
    const { hosts, external } = readServiceEntry(subject);
    if (!external) return [];
    const ports = fieldsListOf(fieldsOf(subject.spec).ports).flatMap(
      (port, index) => (sendsPlaintext(port) ? [index] : []),
    );
    const open = ports.length > 0 ? hosts.filter(isOpen(snapshot)) : [];
    if (open.length === 0) return [];
    return ports.map(index => ({
      message: `Plain HTTP is sent to port ${HTTPS_PORT} of ${open.join(
        ', ',
      )}: no DestinationRule adds TLS.`,
      path: `spec.ports[${index}].protocol`,
    }));
  },
};

function sendsPlaintext(port: Fields): boolean {
  const target = numberOf(port.targetPort) || numberOf(port.number);
  return (
    target === HTTPS_PORT &&
    CLEAR.has((textOf(port.protocol) ?? '').toUpperCase())
  );
}

/** Hosts that some DestinationRule sets TLS for, on whichever level. */
const buildTlsHosts = perLists((lists, domain) => {
  const hosts = (lists[0] as readonly KubeObject[])
    .filter(setsTls)
    .map(object =>
      resolveHost(readDestinationRule(object).host, {
        namespace: object.metadata.namespace ?? '',
        domain,
      }),
    );
  return {
    exact: new Set(hosts.filter(host => !isWildcard(host))),
    wildcards: [...new Set(hosts.filter(isWildcard))],
  };
});

function isOpen(snapshot: MeshSnapshot): (host: string) => boolean {
  const { exact, wildcards } = buildTlsHosts(
    [snapshot.list('DestinationRule')],
    snapshot.domain,
  );
  return host =>
    !exact.has(host) && !wildcards.some(pattern => isCovered(host, pattern));
}

function setsTls(rule: KubeObject): boolean {
  const { trafficPolicy, subsets } = readDestinationRule(rule);
  return [
    trafficPolicy,
    ...subsets.map(({ fields }) => fieldsOf(fields.trafficPolicy)),
  ].some(
    policy =>
      policy !== undefined &&
      [policy, ...fieldsListOf(policy.portLevelSettings)].some(
        ({ tls }) => isFields(tls) && tls.mode !== 'DISABLE',
      ),
  );
}
