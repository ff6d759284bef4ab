import {
  Fields,
  fieldsListOf,
  fieldsOf,
  labelsOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** One subset as written. */
export interface SubsetView {
  name: string;
  labels: Record<string, string>;
  /** `subsets[1]` */
  fieldPath: string;
  fields: Fields;
}

/** The fields of a DestinationRule that routing needs. */
export interface DestinationRuleView {
  /** As written; see `resolveHost`. */
  host: string;
  exportTo: string[];
  /** Set when the rule is for some client workloads of its namespace only. */
  workloadSelector?: Record<string, string>;
  subsets: readonly SubsetView[];
  trafficPolicy?: Fields;
}

/** The fields of a DestinationRule that routing needs. */
export const readDestinationRule = memoizeByIdentity(
  (object: KubeObject): DestinationRuleView => {
    const spec = fieldsOf(object.spec);
    const view: DestinationRuleView = {
      host: textOf(spec.host) ?? '',
      exportTo: textsOf(spec.exportTo),
      subsets: fieldsListOf(spec.subsets).map((fields, index) => ({
        name: textOf(fields.name) ?? '',
        labels: labelsOf(fields.labels),
        fieldPath: `subsets[${index}]`,
        fields,
      })),
    };
    const selector = labelsOf(fieldsOf(spec.workloadSelector).matchLabels);
    if (Object.keys(selector).length > 0) {
      view.workloadSelector = selector;
    }
    if (spec.trafficPolicy !== undefined) {
      view.trafficPolicy = fieldsOf(spec.trafficPolicy);
    }
    return view;
  },
);
