import { pointerTo } from '../../annotations/annotationPlaces';
import type { Rule } from '../../types';

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';

/**
 * Source: istio/istio analyzers/injection/injection.go; the namespace selectors of the injector's webhooks,
 * of which those for a revision ask that istio-injection is absent.
 */
export const injectionLabels: Rule = {
  code: 'ISB0813',
  name: 'namespace-two-injection-labels',
  title: 'A namespace asks for injection and for a revision at once',
  severity: 'warning',
  explanation:
    'Where istio-injection=enabled stands beside istio.io/rev, the default revision injects and the label of the revision has no effect. An upgrade by revision does not reach this namespace.',
  remedy:
    'Keep one of the two: istio.io/rev to follow a revision, istio-injection for the default one.',
  equivalents: ['IST0123'],
  subjects: ['Namespace'],
  inputs: [],
  reach: 'object',
  check({ metadata }) {
    const revision = metadata.labels?.[REVISION];
    if (metadata.labels?.[INJECTION] !== 'enabled' || revision === undefined) {
      return [];
    }
    return [
      {
        message: `${INJECTION}=enabled outweighs ${REVISION}=${revision}, which has no effect.`,
        path: `metadata.labels`,
        fix: {
          title: `Remove the label ${REVISION}, which has no effect`,
          patch: [
            { op: 'remove', path: pointerTo('/metadata/labels', REVISION) },
          ],
        },
      },
    ];
  },
};
