import { readDestinationRule } from '../../../resources/destinationRule';
import {
  fieldsOf,
  isFields,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { resolveHost } from '../../../resources/host';
import { namespacedName } from '../../../resources/objectKey';
import { isCovered } from '../../../mesh/route/hostPatterns';
import { destinationRules } from '../../../mesh/traffic/routingIndex';
import type { Rule } from '../../types';

const BLOCKS = ['tls', 'connectionPool', 'outlierDetection', 'loadBalancer'];

/** Source: istio/istio pilot/pkg/model PushContext.destinationRule: the most specific host wins whole. */
export const settingsNotInherited: Rule = {
  code: 'ISB0209',
  name: 'destination-rule-settings-not-inherited',
  title: 'A DestinationRule for one host drops settings of a wider one',
  severity: 'info',
  explanation:
    'Of the DestinationRules of a namespace that cover a host only the one with the most specific host counts, and one of the caller’s or the service’s namespace hides those of the root namespace. Nothing is inherited: what the wider one sets and this one leaves out falls back to Istio’s defaults.',
  remedy: 'Repeat the settings here where they are meant for this host too.',
  equivalents: ['KIA0204'],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    const view = readDestinationRule(subject);
    if (view.workloadSelector) return [];
    const host = resolveHost(view.host, { namespace, domain: snapshot.domain });
    const own = fieldsOf(view.trafficPolicy);
    return destinationRules(snapshot)
      .wildcards.filter(
        ({ pattern, object }) =>
          object !== subject &&
          pattern !== host &&
          isCovered(host, pattern) &&
          [namespace, snapshot.rootNamespace].includes(
            object.metadata.namespace ?? '',
          ),
      )
      .flatMap(({ pattern, object }) => {
        const wide = fieldsOf(readDestinationRule(object).trafficPolicy);
        const lost = BLOCKS.filter(
          name => isFields(wide[name]) && own[name] === undefined,
        ).filter(name => name !== 'tls' || !isAutomaticAnyway(wide));
        return lost.length === 0
          ? []
          : [
              {
                message: `${lost.join(' and ')} of ${namespacedName(
                  object.metadata,
                )} (${pattern}) ${
                  lost.length === 1 ? 'is' : 'are'
                } not in force for ${host}: this rule replaces it whole.`,
                path: 'spec.trafficPolicy',
              },
            ];
      });
  },
};

/** What automatic mTLS does without being told. */
function isAutomaticAnyway(policy: Fields): boolean {
  return textOf(fieldsOf(policy.tls).mode) === 'ISTIO_MUTUAL';
}
