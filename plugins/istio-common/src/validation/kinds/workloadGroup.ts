import { type Field, quote } from '../Field';
import { checkPort } from '../rules/addresses';
import { checkLabels } from '../rules/names';
import {
  checkOnlyOne,
  checkTextMap,
  checkTexts,
  checkWhole,
} from '../rules/shapes';
import type { KindValidator } from '../types';

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'];

/** Source: istio/istio pkg/config/validation ValidateWorkloadGroup. */
export const validateWorkloadGroup: KindValidator = ({ spec }) => {
  const template = spec.at('template');
  if (!template.isSet) {
    template.error('is required: what all workloads of the group share');
  }
  // The address comes with each workload, so that the rules of a WorkloadEntry do not hold here.
  checkTexts(template, ['address', 'network', 'locality', 'serviceAccount']);
  checkWhole(template.at('weight'), { least: 0 });
  checkTextMap(template.at('labels'));
  for (const [, port] of template.at('ports').entries()) {
    checkWhole(port, { least: 0 });
  }
  checkLabels(spec.at('metadata').at('labels'));
  checkTextMap(spec.at('metadata').at('annotations'));
  checkProbe(spec.at('probe'));
};

/** Source: validateReadinessProbe. */
function checkProbe(probe: Field): void {
  if (!probe.isSet) {
    return;
  }
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    checkWhole(probe.at(name), { least: 0 });
  }
  const method = checkOnlyOne(probe, METHODS);
  if (method === 'httpGet') {
    checkHttpGet(probe.at('httpGet'));
  } else if (method === 'tcpSocket') {
    checkTexts(probe.at('tcpSocket'), ['host']);
    checkPort(probe.at('tcpSocket').at('port'));
  } else if (method === 'exec') {
    if (probe.at('exec').at('command').texts().length === 0) {
      probe.at('exec').at('command').error('is required');
    }
  } else {
    probe.error('must have one of httpGet, tcpSocket and exec');
  }
}

function checkHttpGet(call: Field): void {
  checkTexts(call, ['path', 'host']);
  checkPort(call.at('port'));
  const scheme = call.at('scheme').text();
  if (!['', 'HTTP', 'HTTPS'].includes(scheme)) {
    call.at('scheme').error(`must be HTTP or HTTPS, it is ${quote(scheme)}`);
  }
  for (const header of call.at('httpHeaders').items()) {
    const name = header.at('name').text();
    header.at('value').text();
    if (!/^[-A-Za-z0-9]+$/.test(name)) {
      header
        .at('name')
        .error(`must be letters, digits and "-", it is ${quote(name)}`);
    }
  }
}
