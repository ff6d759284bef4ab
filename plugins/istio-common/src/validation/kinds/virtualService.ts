import { type Field, quote } from '../Field';
import { checkPort, checkSubnet, isIp } from '../rules/addresses';
import { checkExportTo } from '../rules/exportTo';
import { checkGatewayNames } from '../rules/gatewayNames';
import { isClaimHeader } from '../rules/headers';
import {
  checkLabels,
  explainHost,
  hostCoveredBy,
  hostsOverlap,
} from '../rules/names';
import type { KindValidator } from '../types';
import { checkHttpRoute } from './httpRoute';
import { checkWeightedDestinations } from './routeDestinations';

/** Source: istio/istio pkg/config/validation ValidateVirtualService. */
export const validateVirtualService: KindValidator = ({ namespace, spec }) => {
  const hosts = spec.at('hosts').items();
  const gateways = spec.at('gateways').texts();
  const isDelegate = hosts.length === 0;
  if (isDelegate) {
    for (const field of ['gateways', 'tls', 'tcp']) {
      if (spec.at(field).items().length > 0) {
        spec
          .at(field)
          .error(
            'must be empty in a VirtualService without hosts (a delegate)',
          );
      }
    }
  }
  checkGatewayNames(spec.at('gateways'));
  const forGateway = gateways.length > 0 && !gateways.includes('mesh');
  if (!forGateway) {
    checkClaimHeaders(spec);
  }
  checkHosts(spec, { forGateway });
  if (
    ['http', 'tcp', 'tls'].every(each => spec.at(each).items().length === 0)
  ) {
    spec.error('must have http, tcp or tls rules');
  }
  for (const rule of spec.at('http').items()) {
    checkHttpRoute(rule, { isDelegate });
  }
  spec
    .at('tls')
    .items()
    .forEach(rule => checkTlsRoute(rule, { spec, forGateway }));
  spec.at('tcp').items().forEach(checkTcpRoute);
  checkExportTo(spec.at('exportTo'), { namespace });
};

/** Claims of a token are known where a gateway checked it. */
function checkClaimHeaders(spec: Field): void {
  for (const rule of spec.at('http').items()) {
    for (const match of rule.at('match').items()) {
      for (const field of ['headers', 'withoutHeaders']) {
        for (const [name, header] of match.at(field).entries()) {
          if (isClaimHeader(name)) {
            header.error('routing by claims of a token is for gateways only');
          }
        }
      }
    }
  }
}

/** What Istio makes up for services behind an AUTO_PASSTHROUGH gateway: `outbound_.80_._.host`. */
const SNI_HOST = /^outbound_[^_]*\d[^_]*_[^_]*_[^_]*[a-zA-Z]/;

function explainVirtualHost(
  host: string,
  options: { forGateway: boolean; hasSni: boolean },
): string | undefined {
  if (
    options.forGateway &&
    options.hasSni &&
    host.startsWith('outbound_') &&
    host.length <= 255
  ) {
    return SNI_HOST.test(host)
      ? undefined
      : `${quote(host)} must look like outbound_.80_._.host`;
  }
  return explainHost(host);
}

function checkHosts(spec: Field, options: { forGateway: boolean }): void {
  const hosts = spec.at('hosts').items();
  const hasSni = spec
    .at('tls')
    .items()
    .some(rule =>
      rule
        .at('match')
        .items()
        .some(match => match.at('sniHosts').items().length > 0),
    );
  let allValid = true;
  for (const host of hosts) {
    const name = host.text();
    const why = explainVirtualHost(name, { ...options, hasSni });
    if (why && !isIp(name)) {
      host.error(why);
      allValid = false;
    } else if (!options.forGateway && name === '*') {
      host.error('must not be "*" for callers inside the mesh');
      allValid = false;
    }
  }
  if (!allValid) {
    return;
  }
  hosts.forEach((host, index) => {
    const twin = hosts
      .slice(0, index)
      .find(earlier => hostsOverlap(earlier.text(), host.text()));
    if (twin) {
      host.error(`${quote(host.text())} overlaps ${quote(twin.text())}`);
    }
  });
}

/** Source: validateTLSRoute, validateTLSMatch. */
function checkTlsRoute(
  rule: Field,
  options: { spec: Field; forGateway: boolean },
): void {
  if (!rule.isSet) {
    return;
  }
  if (rule.at('match').items().length === 0) {
    rule.at('match').error('must have at least one condition');
  }
  for (const match of rule.at('match').items()) {
    if (match.at('sniHosts').items().length === 0) {
      match.at('sniHosts').error('must name at least one host');
    }
    match
      .at('sniHosts')
      .items()
      .forEach(host => checkSniHost(host, options));
    checkL4Match(match);
  }
  if (rule.at('route').items().length === 0) {
    rule.at('route').error('must have at least one destination');
  }
  checkWeightedDestinations(rule.at('route'));
}

/** Source: validateSniHost. */
function checkSniHost(
  field: Field,
  options: { spec: Field; forGateway: boolean },
): void {
  const name = field.text();
  const why = explainVirtualHost(name, {
    forGateway: options.forGateway,
    hasSni: true,
  });
  if (why && isIp(name)) {
    field.warn('most clients do not send an IP address as server name');
  } else if (why) {
    field.error(why);
  } else if (
    !options.spec
      .at('hosts')
      .texts()
      .some(host => hostCoveredBy(name, host))
  ) {
    field.error(`${quote(name)} must be one of spec.hosts, or inside one`);
  }
}

/** Source: validateTCPRoute, validateTCPMatch. */
function checkTcpRoute(rule: Field): void {
  if (!rule.isSet) {
    return;
  }
  for (const match of rule.at('match').items()) {
    checkL4Match(match);
  }
  if (rule.at('route').items().length === 0) {
    rule.at('route').error('must have at least one destination');
  }
  checkWeightedDestinations(rule.at('route'));
}

function checkL4Match(match: Field): void {
  match.at('destinationSubnets').items().forEach(checkSubnet);
  if (match.at('port').number() !== 0) {
    checkPort(match.at('port'));
  }
  checkLabels(match.at('sourceLabels'));
  checkGatewayNames(match.at('gateways'));
}
