import { type Field, quote } from '../Field';
import {
  checkIp,
  checkPort,
  checkProtocol,
  checkUnixPath,
  isHttpProtocol,
  isTlsProtocol,
  parseProtocol,
  unixPathOf,
} from '../rules/addresses';
import { checkDnsLabel, explainFqdn } from '../rules/names';
import { checkNamespacedHost } from '../rules/namespacedHost';
import { checkWhole } from '../rules/shapes';
import { checkAlphaWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator } from '../types';
import { checkDestination } from './routeDestinations';
import { checkServerTls, SERVER_TLS_MODES } from './serverTls';
import { checkConnectionPool } from './trafficPolicy';

/** Source: istio/istio pkg/config/validation ValidateSidecar. */
export const validateSidecar: KindValidator = ({ spec, namespace }) => {
  const egress = spec.at('egress').items();
  const ingress = spec.at('ingress').items();
  checkAlphaWorkloadSelector(spec.at('workloadSelector'));
  if (
    egress.length === 0 &&
    ingress.length === 0 &&
    !spec.at('outboundTrafficPolicy').isSet &&
    !spec.at('inboundConnectionPool').isSet
  ) {
    spec.error(
      'must set egress, ingress, outboundTrafficPolicy or inboundConnectionPool',
    );
    return;
  }
  const ports = new Set<number>();
  ingress.forEach(listener => checkIngress(listener, ports));
  checkConnectionPool(spec.at('inboundConnectionPool'));
  checkEgress(egress, namespace);
  checkOutboundPolicy(spec.at('outboundTrafficPolicy'));
};

function checkIngress(listener: Field, ports: Set<number>): void {
  const port = listener.at('port');
  if (!listener.isSet || !port.isSet) {
    port.error('is required');
    return;
  }
  checkListenerPort(port);
  checkPort(port.at('number'));
  checkBindIp(listener.at('bind'));
  checkUnique(port, ports);
  checkDefaultEndpoint(listener.at('defaultEndpoint'));
  const protocol = parseProtocol(port.at('protocol').text());
  checkIngressTls(listener.at('tls'), protocol);
  const pool = listener.at('connectionPool');
  checkConnectionPool(pool);
  if (pool.at('http').isSet && !isHttpProtocol(protocol)) {
    pool.at('http').warn('has no effect on a port that is not HTTP');
  }
}

function checkListenerPort(port: Field): void {
  if (port.at('name').text() !== '') {
    checkDnsLabel(port.at('name'));
  }
  if (checkWhole(port.at('targetPort'), { least: 0 }) > 0) {
    port.at('targetPort').error('has no meaning on a Sidecar');
  }
  checkProtocol(port.at('protocol'));
}

function checkBindIp(bind: Field): void {
  if (bind.text() !== '') {
    checkIp(bind);
  }
}

function checkUnique(port: Field, ports: Set<number>): void {
  const number = port.at('number').number();
  if (ports.has(number)) {
    port.at('number').error(`names port ${number} a second time`);
  }
  ports.add(number);
}

/** `127.0.0.1:port`, `0.0.0.0:port`, `[::1]:port`, `[::]:port`, `:port` or `unix://path`. */
function checkDefaultEndpoint(field: Field): void {
  const text = field.text();
  const path = unixPathOf(text);
  if (text === '') {
    return;
  }
  if (path !== undefined) {
    checkUnixPath(field, path);
    return;
  }
  const match = /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|):(\d+)$/.exec(text);
  const port = Number(match?.[2]);
  if (!(port >= 1 && port <= 65535)) {
    field.error(
      `must be 127.0.0.1:port, 0.0.0.0:port, [::1]:port, [::]:port or unix://path, it is ${quote(
        text,
      )}`,
    );
  }
}

function checkIngressTls(tls: Field, protocol: string | undefined): void {
  if (!tls.isSet) {
    return;
  }
  for (const name of [
    'subjectAltNames',
    'credentialNames',
    'tlsCertificates',
  ]) {
    if (tls.at(name).items().length > 0) {
      tls.at(name).error('is not supported on a Sidecar');
    }
  }
  if (tls.at('httpsRedirect').flag()) {
    tls.at('httpsRedirect').error('is not supported on a Sidecar');
  }
  if (tls.at('credentialName').text() !== '') {
    tls.at('credentialName').error('is not supported on a Sidecar');
  }
  const mode = tls.at('mode').choice(SERVER_TLS_MODES);
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(mode)) {
    tls.at('mode').error(`must not be ${mode} on a Sidecar`);
  }
  if (!isTlsProtocol(protocol)) {
    tls.error('must not be set on a port that is neither HTTPS nor TLS');
  }
  checkServerTls(tls);
}

function checkEgress(listeners: Field[], namespace: string): void {
  const ports = new Set<number>();
  const sockets = new Set<string>();
  listeners.forEach((listener, index) => {
    const port = listener.at('port');
    const isLast = index === listeners.length - 1;
    if (port.isSet) {
      checkListenerPort(port);
      checkEgressPort({ listener, port, ports, sockets });
    } else if (!isLast) {
      listener.error('without port must be the last listener');
    }
    checkEgressHosts(listener.at('hosts'), namespace);
  });
}

/** Source: validateSidecarEgressPortBindAndCaptureMode. */
function checkEgressPort(options: {
  listener: Field;
  port: Field;
  ports: Set<number>;
  sockets: Set<string>;
}): void {
  const { listener, port, ports, sockets } = options;
  const bind = listener.at('bind');
  if (port.at('number').number() !== 0) {
    checkPort(port.at('number'));
    checkBindIp(bind);
    checkUnique(port, ports);
    return;
  }
  const path = unixPathOf(bind.text());
  if (path === undefined) {
    bind.error('must be unix://path where the port is 0');
  } else {
    checkUnixPath(bind, path);
  }
  if (!['', 'DEFAULT', 'NONE'].includes(listener.at('captureMode').text())) {
    listener
      .at('captureMode')
      .error('must be DEFAULT or NONE for a unix socket');
  }
  if (sockets.has(bind.text())) {
    bind.error(`names ${quote(bind.text())} a second time`);
  }
  sockets.add(bind.text());
}

function checkEgressHosts(list: Field, namespace: string): void {
  const hosts = list.items();
  if (hosts.length === 0) {
    list.error('must name at least one host');
  }
  const seen = new Map<string, Set<string>>();
  for (const host of hosts) {
    checkNamespacedHost(host, 'sidecar');
    checkRepeated(host, { seen, namespace });
  }
  if (seen.get('*')?.has('*') && seen.size > 1) {
    list.warn('holds */*, which says all the others already');
  }
}

/** What is left out (`~`) repeats nothing. */
function checkRepeated(
  host: Field,
  context: { seen: Map<string, Set<string>>; namespace: string },
): void {
  const { seen, namespace } = context;
  const text = host.text();
  const slash = text.indexOf('/');
  if (slash < 0 || text.startsWith('~')) return;
  const written = text.slice(0, slash);
  const owner = written === '.' ? namespace : written;
  const name = text.slice(slash + 1);
  const others = seen.get(owner) ?? new Set();
  seen.set(owner, others);
  if (others.has(name)) {
    host.warn(`names ${quote(text)} a second time`);
  } else if (name === '*' ? others.size > 0 : others.has('*')) {
    host.warn('says of its namespace what another host says too');
  }
  others.add(name);
}

/** Source: validateSidecarOutboundTrafficPolicy. */
function checkOutboundPolicy(policy: Field): void {
  const mode = policy
    .at('mode')
    .choice(['REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS']);
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    policy.at('mode').error('ALLOW_ANY_DYNAMIC_DNS is for the whole mesh only');
    return;
  }
  const proxy = policy.at('egressProxy');
  if (!proxy.isSet) {
    return;
  }
  if (mode !== 'ALLOW_ANY') {
    proxy.error('needs mode ALLOW_ANY');
    return;
  }
  const why = explainFqdn(proxy.at('host').text());
  if (why) {
    proxy.at('host').error(why);
  }
  if (!proxy.at('port').isSet) {
    proxy.at('port').error('is required');
  }
  checkDestination(proxy);
}
