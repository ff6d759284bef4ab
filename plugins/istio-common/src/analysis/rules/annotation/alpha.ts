import {
  ANNOTATED_KINDS,
  listAnnotations,
} from '../../annotations/annotationPlaces';
import { KNOWN_ANNOTATIONS } from '../../annotations/knownAnnotations';
import type { Rule } from '../../types';

/**
 * Annotations that long have been alpha and that Istio's own guides tell people to use: no news to anybody.
 * What istioctl's analyzer skips for pods that the CNI plugin prepares is among them.
 */
const COMMON =
  /^(traffic\.sidecar|readiness\.status\.sidecar|status\.sidecar|prometheus|inject|galley)\.istio\.io\/|^sidecar\.istio\.io\/(proxy|rewriteAppHTTPProbers|logLevel|interceptionMode|userVolume)/;

/** Source: istio/istio analyzers/maturity/maturity.go, which istioctl leaves out of its defaults as too noisy. */
export const alphaAnnotation: Rule = {
  code: 'ISB0819',
  name: 'annotation-alpha',
  title: 'An annotation of Istio is alpha',
  severity: 'info',
  explanation:
    'What the annotation switches on may change or go in any release of Istio, without the notice that stable features get.',
  remedy:
    'Read the release notes before an upgrade, or use a stable way if there is one.',
  equivalents: ['IST0136'],
  subjects: ANNOTATED_KINDS,
  inputs: [],
  reach: 'object',
  check: subject =>
    listAnnotations(subject)
      .filter(({ name, on }) => {
        const known = KNOWN_ANNOTATIONS[name];
        return (
          known?.alpha &&
          !known.deprecated &&
          !COMMON.test(name) &&
          (known.on.includes(on) || known.on.includes('Any'))
        );
      })
      .map(({ name, path }) => ({
        message: `${name} is alpha: it may change in any release.`,
        path,
      })),
};
