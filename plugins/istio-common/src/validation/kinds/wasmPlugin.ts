import { checkPolicyTargets } from '../rules/policyTargets';
import { checkWhole } from '../rules/shapes';
import { checkTrafficSelectors, checkWasmModule } from '../rules/wasmModule';
import type { KindValidator } from '../types';

/** Source: istio/istio pkg/config/validation ValidateWasmPlugin. */
export const validateWasmPlugin: KindValidator = ({ spec }) => {
  checkPolicyTargets(spec);
  checkWasmModule(spec);
  checkWhole(spec.at('priority'));
  spec.at('phase').choice(['UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS']);
  checkTrafficSelectors(spec.at('match'));
};
