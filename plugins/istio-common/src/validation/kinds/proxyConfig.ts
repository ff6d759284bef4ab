import { checkTextMap, checkTexts, checkWhole } from '../rules/shapes';
import { checkWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator } from '../types';

/** Source: istio/istio pkg/config/validation ValidateProxyConfig. */
export const validateProxyConfig: KindValidator = ({ spec }) => {
  checkWorkloadSelector(spec.at('selector'));
  checkWhole(spec.at('concurrency'), { least: 0 });
  checkTextMap(spec.at('environmentVariables'));
  checkTexts(spec.at('image'), ['imageType']);
};
