import { checkExportTo } from '../rules/exportTo';
import { checkHost, checkLabels } from '../rules/names';
import { checkWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator } from '../types';
import { checkSubsetName } from './routeDestinations';
import { checkTrafficPolicy } from './trafficPolicy';

/** Source: istio/istio pkg/config/validation ValidateDestinationRule, validateSubset. */
export const validateDestinationRule: KindValidator = ({ namespace, spec }) => {
  checkHost(spec.at('host'));
  checkTrafficPolicy(spec.at('trafficPolicy'), namespace);
  const names = new Set<string>();
  for (const subset of spec.at('subsets').items()) {
    const name = subset.at('name').text();
    if (names.has(name)) {
      subset.at('name').error(`names subset ${name} a second time`);
    }
    names.add(name);
    checkSubsetName(subset.at('name'));
    checkLabels(subset.at('labels'));
    checkTrafficPolicy(subset.at('trafficPolicy'), namespace);
  }
  const selector = spec.at('workloadSelector');
  checkExportTo(spec.at('exportTo'), {
    namespace,
    workloadSelector: selector.isSet,
  });
  checkWorkloadSelector(selector);
};
