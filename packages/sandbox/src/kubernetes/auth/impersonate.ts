import { badRequest, forbidden } from '../requests/ApiError';
import { serviceAccount } from './authenticate';
import type { AccessQuestion, Authorizer, UserInfo } from './types';

const EXTRA = 'impersonate-extra-';

interface Wanted {
  user: string;
  groups: string[];
  uid?: string;
  extra: Record<string, string[]>;
}

/** Header values one by one: Kubernetes takes a comma for a part of a name, so joined headers are one group. */
type DistinctHeaders = NodeJS.Dict<string[]>;

function readWanted(headers: DistinctHeaders): Wanted | undefined {
  const [user] = headers['impersonate-user'] ?? [];
  const groups = (headers['impersonate-group'] ?? []).filter(Boolean);
  const [uid] = headers['impersonate-uid'] ?? [];
  const extra: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(headers)) {
    if (name.startsWith(EXTRA) && values) {
      extra[decodeURIComponent(name.slice(EXTRA.length))] = values;
    }
  }
  if (user) {
    return { user, groups, uid, extra };
  }
  if (groups.length > 0 || uid !== undefined || Object.keys(extra).length > 0) {
    throw badRequest(
      'requested groups, uid or extra without impersonating a user name',
    );
  }
  return undefined;
}

/** One question per user, group, uid and extra value, each of which must be allowed. */
function questionsOf(wanted: Wanted): AccessQuestion[] {
  const verb = 'impersonate';
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(wanted.user);
  const authentication = 'authentication.k8s.io';
  return [
    account
      ? {
          verb,
          group: '',
          resource: 'serviceaccounts',
          namespace: account[1],
          name: account[2],
        }
      : { verb, group: '', resource: 'users', name: wanted.user },
    ...wanted.groups.map(name => ({
      verb,
      group: '',
      resource: 'groups',
      name,
    })),
    ...(wanted.uid === undefined
      ? []
      : [{ verb, group: authentication, resource: 'uids', name: wanted.uid }]),
    ...Object.entries(wanted.extra).flatMap(([subresource, values]) =>
      values.map(name => ({
        verb,
        group: authentication,
        resource: 'userextras',
        subresource,
        name,
      })),
    ),
  ];
}

/**
 * The user a request acts as. Undefined: it impersonates nobody.
 * @throws ApiError 403 when RBAC does not grant `impersonate` on one of the names; 400 for groups without a user.
 */
export function resolveImpersonation(
  headers: DistinctHeaders,
  requester: UserInfo,
  authorizer: Authorizer,
): UserInfo | undefined {
  const wanted = readWanted(headers);
  if (!wanted) {
    return undefined;
  }
  for (const question of questionsOf(wanted)) {
    if (!authorizer.authorize(requester, question).allowed) {
      throw refusal(requester, question);
    }
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(wanted.user);
  const implied =
    account && wanted.groups.length === 0
      ? serviceAccount(account[1], account[2]).groups
      : ['system:authenticated'];
  return {
    ...wanted,
    groups: [...new Set([...wanted.groups, ...implied])],
  };
}

function refusal(requester: UserInfo, question: AccessQuestion) {
  if ('path' in question) {
    throw new Error('Impersonation asks about resources only');
  }
  const { group, resource, subresource, name } = question;
  return forbidden({
    group,
    resource,
    name,
    message: describeDenial(requester, { ...question, subresource }),
  });
}

/** `User "x" cannot list resource "pods" in API group "" in the namespace "default"`. */
export function describeDenial(
  user: UserInfo,
  question: AccessQuestion,
): string {
  const who = `User ${JSON.stringify(user.user)} cannot ${question.verb}`;
  if ('path' in question) {
    return `${who} path ${JSON.stringify(question.path)}`;
  }
  const { resource, subresource, group, namespace } = question;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace
    ? `in the namespace ${JSON.stringify(namespace)}`
    : 'at the cluster scope';
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(
    group,
  )} ${where}`;
}
