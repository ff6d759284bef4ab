import type { MemoryStore } from '../store/MemoryStore';
import type { KubeObject } from '../types';
import type {
  AccessAnswer,
  AccessQuestion,
  Authorizer,
  UserInfo,
} from './types';

const RBAC = 'rbac.authorization.k8s.io';

interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Binding extends KubeObject {
  roleRef: { kind: string; name: string };
  subjects?: Subject[];
}

/** A rule that applies to a user, with where it comes from. */
interface GrantedRule {
  rule: PolicyRule;
  reason: string;
}

function covers(list: string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}

function coversResource(
  list: string[] | undefined,
  resource: string,
  subresource?: string,
): boolean {
  const full = subresource ? `${resource}/${subresource}` : resource;
  return (
    covers(list, full) ||
    (subresource !== undefined && covers(list, `*/${subresource}`))
  );
}

function allows(rule: PolicyRule, question: AccessQuestion): boolean {
  if (!covers(rule.verbs, question.verb)) {
    return false;
  }
  if ('path' in question) {
    return (rule.nonResourceURLs ?? []).some(url =>
      url.endsWith('*')
        ? question.path.startsWith(url.slice(0, -1))
        : url === question.path,
    );
  }
  const names = rule.resourceNames ?? [];
  return (
    covers(rule.apiGroups, question.group) &&
    coversResource(rule.resources, question.resource, question.subresource) &&
    (names.length === 0 ||
      (question.name !== undefined && names.includes(question.name)))
  );
}

function isSubject(subject: Subject, user: UserInfo, home?: string): boolean {
  if (subject.kind === 'User') {
    return subject.name === user.user;
  }
  if (subject.kind === 'Group') {
    return user.groups.includes(subject.name);
  }
  const namespace = subject.namespace ?? home;
  return (
    subject.kind === 'ServiceAccount' &&
    user.user === `system:serviceaccount:${namespace}:${subject.name}`
  );
}

/** Role-based access control over the RBAC objects in the store; they take effect with the next request. */
export class RbacAuthorizer implements Authorizer {
  constructor(private readonly store: MemoryStore) {}

  authorize(user: UserInfo, question: AccessQuestion): AccessAnswer {
    if (user.groups.includes('system:masters')) {
      return { allowed: true, reason: '' };
    }
    const namespace = 'path' in question ? undefined : question.namespace;
    for (const granted of this.rulesFor(user, namespace)) {
      if (allows(granted.rule, question)) {
        return { allowed: true, reason: granted.reason };
      }
    }
    return { allowed: false, reason: '' };
  }

  /** Rules of the user in a namespace, cluster-wide ones included. */
  *rulesFor(user: UserInfo, namespace?: string): Generator<GrantedRule> {
    const bindings = [
      ...this.store.list(`clusterrolebindings.${RBAC}`),
      ...(namespace ? this.store.list(`rolebindings.${RBAC}`, namespace) : []),
    ] as Binding[];
    for (const binding of bindings) {
      const home = binding.metadata.namespace;
      const subject = binding.subjects?.find(candidate =>
        isSubject(candidate, user, home),
      );
      if (subject) {
        const reason = `RBAC: allowed by ${describe(binding)} of ${
          binding.roleRef.kind
        } "${binding.roleRef.name}" to ${subject.kind} "${subject.name}"`;
        for (const rule of this.rulesOf(binding)) {
          yield { rule, reason };
        }
      }
    }
  }

  private rulesOf(binding: Binding): PolicyRule[] {
    const { kind, name } = binding.roleRef;
    const role =
      kind === 'ClusterRole'
        ? this.store.get(`clusterroles.${RBAC}`, { name })
        : this.store.get(`roles.${RBAC}`, {
            namespace: binding.metadata.namespace,
            name,
          });
    return (role?.rules ?? []) as PolicyRule[];
  }
}

function describe(binding: Binding): string {
  const { name, namespace } = binding.metadata;
  return namespace
    ? `RoleBinding "${name}/${namespace}"`
    : `ClusterRoleBinding "${name}"`;
}
