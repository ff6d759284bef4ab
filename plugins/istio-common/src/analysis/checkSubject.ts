import type { KubeObject } from '../resources/types';
import type { MeshFinding, Rule, RuleContext } from './types';

/** All that one rule says of one object. */
export function checkSubject(
  rule: Rule,
  subject: KubeObject,
  context: RuleContext,
): readonly MeshFinding[] {
  return rule
    .check(subject, context)
    .map(({ message, path, severity = rule.severity, fix }) => ({
      code: rule.code,
      severity,
      message,
      object: identify(subject),
      path,
      equivalents: [...rule.equivalents],
      ...(fix && { fix }),
    }));
}

function identify(subject: KubeObject): MeshFinding['object'] {
  const { name, namespace } = subject.metadata;
  return {
    apiVersion: subject.apiVersion,
    kind: subject.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  };
}
