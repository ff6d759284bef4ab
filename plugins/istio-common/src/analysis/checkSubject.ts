import type { KubeObject } from '../resources/types';
import { isSuppressed } from './isSuppressed';
import type { MeshFinding, Rule, RuleContext } from './types';

/** All that one rule says of one object, unless the object asks for silence. */
export function checkSubject(
  rule: Rule,
  subject: KubeObject,
  context: RuleContext,
): readonly MeshFinding[] {
  const found = rule.check(subject, context);
  if (found.length === 0 || isSuppressed(rule, subject)) {
    return [];
  }
  return found.map(({ message, path, severity = rule.severity, fix }) => ({
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
