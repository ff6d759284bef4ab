import { type Field, quote } from '../Field';
import { checkPort, isIp } from '../rules/addresses';
import { checkDuration } from '../rules/durations';
import { explainFqdn } from '../rules/names';
import { checkWhole } from '../rules/shapes';
import { checkClientTls } from './clientTls';
import { checkLoadBalancer } from './loadBalancer';

const PORT_SETTINGS = [
  'outlierDetection',
  'connectionPool',
  'loadBalancer',
  'tls',
];

/** Source: istio/istio pkg/config/validation validateTrafficPolicy. */
export function checkTrafficPolicy(policy: Field, namespace: string): void {
  if (!policy.isSet) {
    return;
  }
  const isSet =
    [...PORT_SETTINGS, 'tunnel', 'proxyProtocol', 'retryBudget'].some(
      name => policy.at(name).isSet,
    ) || policy.at('portLevelSettings').items().length > 0;
  if (!isSet) {
    policy.error('must set at least one thing');
    return;
  }
  if (policy.at('tunnel').isSet && policy.at('proxyProtocol').isSet) {
    policy.at('tunnel').error('must not stand beside proxyProtocol');
    return;
  }
  checkPortSettings(policy, namespace);
  checkTunnel(policy.at('tunnel'));
  policy.at('proxyProtocol').at('version').choice(['V1', 'V2']);
  for (const port of policy.at('portLevelSettings').items()) {
    if (!port.at('port').isSet) {
      port.at('port').error('is required');
    }
    checkWhole(port.at('port').at('number'), { least: 0 });
    if (PORT_SETTINGS.some(name => port.at(name).isSet)) {
      checkPortSettings(port, namespace);
    } else {
      port.error(`must set one of ${PORT_SETTINGS.join(', ')}`);
    }
  }
}

function checkPortSettings(policy: Field, namespace: string): void {
  checkOutlierDetection(policy.at('outlierDetection'));
  checkConnectionPool(policy.at('connectionPool'));
  checkLoadBalancer(policy.at('loadBalancer'), policy.at('outlierDetection'));
  checkClientTls(policy.at('tls'), namespace);
}

/** Source: validateTunnelSettings. */
function checkTunnel(tunnel: Field): void {
  if (!tunnel.isSet) {
    return;
  }
  checkTunnelProtocol(tunnel.at('protocol'));
  const host = tunnel.at('targetHost').text();
  if (explainFqdn(host) && !isIp(host)) {
    tunnel
      .at('targetHost')
      .error(`must be a full host name or an IP address, it is ${quote(host)}`);
  }
  checkPort(tunnel.at('targetPort'));
}

/** No enum of Istio's: an empty text is an absent one. */
function checkTunnelProtocol(field: Field): void {
  if (field.text() !== '') {
    field.choice(['CONNECT', 'POST']);
  }
}

/** Source: validateOutlierDetection. */
function checkOutlierDetection(outlier: Field): void {
  if (!outlier.isSet) {
    return;
  }
  checkDuration(outlier.at('baseEjectionTime'));
  checkDuration(outlier.at('interval'));
  for (const name of ['consecutiveGatewayErrors', 'consecutive5xxErrors']) {
    checkWhole(outlier.at(name), { least: 0 });
  }
  if (checkWhole(outlier.at('consecutiveErrors')) !== 0) {
    outlier
      .at('consecutiveErrors')
      .warn('is deprecated, consecutive5xxErrors replaces it');
  }
  if (
    checkWhole(outlier.at('consecutiveLocalOriginFailures'), { least: 0 }) >
      0 &&
    !outlier.at('splitExternalLocalOriginErrors').flag()
  ) {
    outlier
      .at('consecutiveLocalOriginFailures')
      .error('needs splitExternalLocalOriginErrors: true');
  }
  for (const name of ['maxEjectionPercent', 'minHealthPercent']) {
    const percent = checkWhole(outlier.at(name));
    if (percent < 0 || percent > 100) {
      outlier.at(name).error(`must be from 0 to 100, it is ${percent}`);
    }
  }
}

/** Source: validateConnectionPool. */
export function checkConnectionPool(pool: Field): void {
  if (!pool.isSet) {
    return;
  }
  const http = pool.at('http');
  const tcp = pool.at('tcp');
  if (!http.isSet && !tcp.isSet) {
    pool.error('must set http or tcp');
    return;
  }
  checkNotNegative(http, [
    'http1MaxPendingRequests',
    'http2MaxRequests',
    'maxRequestsPerConnection',
    'maxRetries',
    'maxConcurrentStreams',
  ]);
  checkDuration(http.at('idleTimeout'));
  const upgrade = http
    .at('h2UpgradePolicy')
    .choice(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']);
  if (upgrade === 'UPGRADE' && http.at('useClientProtocol').flag()) {
    http
      .at('useClientProtocol')
      .error('must not be true beside h2UpgradePolicy: UPGRADE');
  }
  const keepAlive = http.at('http2KeepAlive');
  if (keepAlive.isSet) {
    for (const name of ['interval', 'timeout']) {
      if (!keepAlive.at(name).isSet) {
        keepAlive.at(name).error('is required');
      }
      checkDuration(keepAlive.at(name));
    }
  }
  checkNotNegative(tcp, ['maxConnections']);
  checkDuration(tcp.at('connectTimeout'));
  checkDuration(tcp.at('maxConnectionDuration'));
  checkDuration(tcp.at('idleTimeout'), { zeroDisables: true });
  checkDuration(tcp.at('tcpKeepalive').at('time'));
  checkDuration(tcp.at('tcpKeepalive').at('interval'));
}

function checkNotNegative(settings: Field, names: string[]): void {
  for (const name of names) {
    const value = checkWhole(settings.at(name));
    if (value < 0) {
      settings.at(name).error(`must not be negative, it is ${value}`);
    }
  }
}
