import { textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

const MODE = 'istio.io/dataplane-mode';
const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';

/**
 * Sources: istio/istio analyzers/injection/injection.go; the injection webhooks do not look at the ambient
 * label, and istio-cni leaves pods with a sidecar alone.
 */
export const ambientAndSidecars: Rule = {
  code: 'ISB1103',
  name: 'ambient-and-sidecars',
  title: 'A namespace asks for sidecars and for ambient mode',
  severity: 'warning',
  explanation:
    'Its pods get a sidecar, and ztunnel leaves pods with a sidecar alone. The label for ambient mode takes in only pods that refuse injection.',
  remedy:
    'Keep one of the labels. A pod can be left out of either by a label of its own.',
  equivalents: ['IST0123'],
  subjects: ['Namespace'],
  inputs: [],
  reach: 'object',
  check({ metadata }) {
    const { labels = {} } = metadata;
    if (labels[MODE] !== 'ambient') return [];
    const injection = labels[INJECTION];
    const revision = textOf(labels[REVISION]);
    const asks =
      injection === 'enabled'
        ? `${INJECTION}=enabled`
        : injection === undefined && revision && `${REVISION}=${revision}`;
    return asks
      ? [
          {
            message: `Pods get a sidecar by ${asks}, so ${MODE}=ambient does not take them in.`,
            path: `metadata.labels['${MODE}']`,
          },
        ]
      : [];
  },
};
