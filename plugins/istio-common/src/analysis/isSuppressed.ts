import type { KubeObject } from '../resources/types';
import type { Rule } from './types';

const ANNOTATION = 'galley.istio.io/analyze-suppress';

/**
 * Whether the object asks not to be told of the rule, by its code or by one that istioctl or Kiali use for it.
 * Source: istio/istio pkg/config/analysis/local/istiod_analyze.go, filterMessages.
 */
export function isSuppressed(rule: Rule, subject: KubeObject): boolean {
  const annotation: unknown = subject.metadata.annotations?.[ANNOTATION];
  return (
    typeof annotation === 'string' &&
    annotation
      .split(',')
      .some(
        code =>
          code === '*' || code === rule.code || rule.equivalents.includes(code),
      )
  );
}
