import { type Field, quote } from '../Field';
import { checkPort, checkUnixPath, isIp, unixPathOf } from '../rules/addresses';
import { checkDnsLabel, checkLabels } from '../rules/names';

/**
 * An endpoint of a ServiceEntry. Source: istio/istio pkg/config/validation validateWorkloadEntry for
 * STATIC; with DNS the address has rules of its own and only ports and labels are judged here.
 */
export function checkEndpoint(
  endpoint: Field,
  options: { ports: string[]; names: 'addressOnly' | 'skip' },
): void {
  const isUnix =
    options.names === 'addressOnly' && checkStaticAddress(endpoint);
  if (isUnix === 'missing') {
    return;
  }
  for (const [name, port] of endpoint.at('ports').entries()) {
    if (!options.ports.includes(name)) {
      port.error(
        `must be named like a port of the ServiceEntry (${options.ports.join(
          ', ',
        )})`,
      );
    }
    checkDnsLabel(port.withValue(name));
    checkPort(port);
  }
  checkLabels(endpoint.at('labels'));
  if (isUnix === 'unix' && options.ports.length !== 1) {
    endpoint
      .at('address')
      .error('may be a unix socket only where the ServiceEntry has one port');
  }
}

function checkStaticAddress(endpoint: Field): 'missing' | 'unix' | 'other' {
  const field = endpoint.at('address');
  const address = field.text();
  if (address === '') {
    if (endpoint.at('network').text() === '') {
      field.error('is required');
      return 'missing';
    }
    field.warn('is not set beside a network');
    return 'other';
  }
  const path = unixPathOf(address);
  if (path !== undefined) {
    checkUnixPath(field, path);
    if (endpoint.at('ports').entries().length > 0) {
      endpoint.at('ports').error('must be empty for a unix socket');
    }
    return 'unix';
  }
  if (!isIp(address)) {
    field.error(
      `must be an IP address with resolution STATIC, it is ${quote(address)}`,
    );
  }
  return 'other';
}
