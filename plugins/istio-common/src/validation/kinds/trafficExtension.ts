import { checkPolicyTargets } from '../rules/policyTargets';
import { checkWhole } from '../rules/shapes';
import {
  checkLength,
  checkTrafficSelectors,
  checkWasmModule,
} from '../rules/wasmModule';
import type { KindValidator } from '../types';

const MOST_CODE = 65536;

/** Source: istio/istio pkg/config/validation ValidateTrafficExtension. */
export const validateTrafficExtension: KindValidator = ({ spec }) => {
  const wasm = spec.at('wasm');
  const lua = spec.at('lua');
  // Of both istiod would read lua alone; the rule of the CRD that refuses them is told with istiod's own words.
  if (wasm.isSet === lua.isSet) {
    spec.error('must have exactly one of wasm and lua');
  }
  checkPolicyTargets(spec);
  if (wasm.isSet) {
    checkWasmModule(wasm);
  }
  if (lua.isSet) {
    const code = lua.at('inlineCode');
    if (code.text() === '') {
      code.error('is required: the Lua code itself');
    }
    checkLength(code, MOST_CODE);
  }
  checkWhole(spec.at('priority'));
  spec.at('phase').choice(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']);
  checkTrafficSelectors(spec.at('match'));
};
