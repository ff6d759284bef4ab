import { checkPort } from '../rules/addresses';
import { checkWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator } from '../types';

const MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] as const;

/** Source: istio/istio pkg/config/validation ValidatePeerAuthentication. */
export const validatePeerAuthentication: KindValidator = ({ spec }) => {
  const ports = spec.at('portLevelMtls');
  const entries = ports.entries();
  const selected = spec.at('selector').at('matchLabels').entries().length > 0;
  if (!selected && entries.length > 0) {
    ports.error('needs a selector with labels');
  }
  if (ports.isSet && entries.length === 0) {
    ports.error('must name at least one port where it is written');
  }
  for (const [port, mtls] of entries) {
    checkPort(mtls, Number(port));
    mtls.at('mode').choice(MODES);
  }
  spec.at('mtls').at('mode').choice(MODES);
  checkWorkloadSelector(spec.at('selector'));
};
