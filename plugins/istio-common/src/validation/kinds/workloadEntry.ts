import { type Field, quote } from '../Field';
import { checkPort, checkUnixPath, isIp, unixPathOf } from '../rules/addresses';
import { checkDnsLabel, checkLabels, explainFqdn } from '../rules/names';
import { checkTexts, checkWhole } from '../rules/shapes';
import type { KindValidator } from '../types';

/** Source: istio/istio pkg/config/validation ValidateWorkloadEntry. */
export const validateWorkloadEntry: KindValidator = ({ spec }) => {
  checkTexts(spec, ['network', 'locality', 'serviceAccount']);
  checkWhole(spec.at('weight'), { least: 0 });
  if (spec.at('address').text() === '' && spec.at('network').text() === '') {
    spec.at('address').error('is required where no network is named');
    return;
  }
  checkAddress(spec);
  for (const [name, port] of spec.at('ports').entries()) {
    checkDnsLabel(port.withValue(name));
    checkPort(port);
  }
  checkLabels(spec.at('labels'));
};

function checkAddress(spec: Field): void {
  const field = spec.at('address');
  const address = field.text();
  const path = unixPathOf(address);
  if (address === '') {
    field.warn('is not set beside a network');
  } else if (path !== undefined) {
    checkUnixPath(field, path);
    if (spec.at('ports').entries().length > 0) {
      spec.at('ports').error('must be empty for a unix socket');
    }
  } else if (!isIp(address) && explainFqdn(address)) {
    field.error(
      `must be an IP address, a full host name or a unix socket, it is ${quote(
        address,
      )}`,
    );
  }
}
