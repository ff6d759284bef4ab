import { type Field, quote } from '../Field';
import {
  checkIp,
  checkPort,
  checkUnixPath,
  isHttpProtocol,
  isTlsProtocol,
  parseProtocol,
  unixPathOf,
} from '../rules/addresses';
import { isDnsLabel } from '../rules/names';
import { checkNamespacedHost } from '../rules/namespacedHost';
import { checkFlags, checkTextMap, checkWhole } from '../rules/shapes';
import type { KindValidator } from '../types';
import { checkServerTls, SERVER_TLS_MODES } from './serverTls';

/** Source: istio/istio pkg/config/validation ValidateGateway. */
export const validateGateway: KindValidator = ({ name, metadata, spec }) => {
  if (!isDnsLabel(name)) {
    metadata
      .at('name')
      .error(
        `must be letters, digits and "-" without dots, it is ${quote(name)}`,
      );
  }
  const servers = spec.at('servers').items();
  if (servers.length === 0) {
    spec.at('servers').error('must have at least one server');
  }
  checkTextMap(spec.at('selector'));
  const portNames = new Set<string>();
  for (const server of servers) {
    checkServer(server);
    checkFlags(server.at('tls'), ['httpsRedirect']);
    const port = server.at('port');
    if (port.isSet) {
      const portName = port.at('name').text();
      if (portNames.has(portName)) {
        port.at('name').error(`names a port ${quote(portName)} a second time`);
      }
      portNames.add(portName);
      if (
        !isHttpProtocol(parseProtocol(port.at('protocol').text())) &&
        server.at('tls').at('httpsRedirect').flag()
      ) {
        server.at('tls').at('httpsRedirect').warn('has no use without HTTP');
      }
    }
  }
};

/** Source: validateServer. */
function checkServer(server: Field): void {
  const hosts = server.at('hosts').items();
  if (hosts.length === 0) {
    server.at('hosts').error('must name at least one host');
  }
  hosts.forEach(host => checkNamespacedHost(host, 'gateway'));
  const portIsFine = checkServerPort(server);
  checkBind(server);
  const tls = server.at('tls');
  checkServerTls(tls);
  if (!portIsFine) {
    return;
  }
  const protocol = parseProtocol(server.at('port').at('protocol').text());
  if (isTlsProtocol(protocol)) {
    if (!tls.isSet) {
      tls.error('is required for HTTPS and TLS');
    }
  } else if (tls.isSet) {
    checkPlainTextTls(tls, isHttpProtocol(protocol));
  }
}

/** On a plain HTTP port `tls` may only redirect. */
function checkPlainTextTls(tls: Field, isHttp: boolean): void {
  if (!isHttp) {
    tls.error('must not be set on a port that is neither HTTPS nor TLS');
    return;
  }
  const passes = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(
    tls.at('mode').choice(SERVER_TLS_MODES),
  );
  const certificates = [
    'caCertificates',
    'privateKey',
    'serverCertificate',
  ].some(name => tls.at(name).text() !== '');
  if (!passes || certificates) {
    tls.error('may only hold httpsRedirect on a plain HTTP port');
  }
}

/** Source: validateServerPort. */
function checkServerPort(server: Field): boolean {
  const port = server.at('port');
  if (!port.isSet) {
    port.error('is required');
    return false;
  }
  const protocol = port.at('protocol').text();
  const number = port.at('number').number();
  const known = parseProtocol(protocol) !== undefined;
  if (!known) {
    port
      .at('protocol')
      .error(
        `must be one of HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP, TLS, it is ${quote(
          protocol,
        )}`,
      );
  }
  const onSocket = unixPathOf(server.at('bind').text()) !== undefined;
  const inRange = number >= 1 && number <= 65535;
  if (!inRange && (number > 0 || !onSocket)) {
    checkPort(port.at('number'));
  }
  if (checkWhole(port.at('targetPort'), { least: 0 }) > 0) {
    port.at('targetPort').error('has no meaning on a Gateway');
  }
  if (port.at('name').text() === '') {
    port.at('name').error('is required');
  }
  return (
    known &&
    (inRange || (number === 0 && onSocket)) &&
    port.at('targetPort').number() === 0 &&
    port.at('name').text() !== ''
  );
}

/** Source: validateServerBind. */
function checkBind(server: Field): void {
  const bind = server.at('bind');
  const path = unixPathOf(bind.text());
  if (path !== undefined) {
    checkUnixPath(bind, path);
    if (server.at('port').at('number').number() !== 0) {
      server
        .at('port')
        .at('number')
        .error('must be 0 where bind is a unix socket');
    }
  } else if (bind.text() !== '') {
    checkIp(bind);
  }
}
