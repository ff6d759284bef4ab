import { badRequest, invalid, notFound } from '../requests/ApiError';
import { parseObject, readBody } from '../requests/readBody';
import type { ApiAnswer, RequestContext } from '../requests/types';
import type { AccessQuestion, UserInfo } from '../auth/types';
import { fieldError } from '@istio-backstage/plugin-istio-common/schema';
import { isObject, type JsonObject } from '../json';
import { formatTime } from './createObject';

const AUTHORIZATION = 'authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';

const AUDIENCE = 'https://kubernetes.default.svc';

/** Reviews answer a question and store nothing. */
export const REVIEWS: { group: string; plural: string; kind: string }[] = [
  { group: AUTHORIZATION, kind: 'SelfSubjectAccessReview' },
  { group: AUTHORIZATION, kind: 'SubjectAccessReview' },
  { group: AUTHORIZATION, kind: 'SelfSubjectRulesReview' },
  { group: AUTHENTICATION, kind: 'SelfSubjectReview' },
  { group: AUTHENTICATION, kind: 'TokenReview' },
].map(review => ({ ...review, plural: `${review.kind.toLowerCase()}s` }));

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function questionOf(spec: JsonObject): AccessQuestion {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (isObject(resourceAttributes) === isObject(nonResourceAttributes)) {
    throw invalid({ kind: '', group: AUTHORIZATION }, '', [
      fieldError('FieldValueInvalid', 'spec.resourceAttributes', {
        value: null,
        detail:
          'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      }),
    ]);
  }
  if (isObject(resourceAttributes)) {
    return {
      verb: text(resourceAttributes.verb) ?? '',
      group: text(resourceAttributes.group) ?? '',
      resource: text(resourceAttributes.resource) ?? '',
      subresource: text(resourceAttributes.subresource),
      namespace: text(resourceAttributes.namespace),
      name: text(resourceAttributes.name),
    };
  }
  const attributes = nonResourceAttributes as JsonObject;
  return {
    verb: text(attributes.verb) ?? '',
    path: text(attributes.path) ?? '',
  };
}

function subjectOf(spec: JsonObject): UserInfo {
  const user = text(spec.user);
  const groups = Array.isArray(spec.groups) ? spec.groups.map(String) : [];
  if (!user && groups.length === 0) {
    throw invalid({ kind: '', group: AUTHORIZATION }, '', [
      fieldError('FieldValueInvalid', 'spec.user', {
        value: '',
        detail: 'at least one of user or group must be specified',
      }),
    ]);
  }
  return { user: user ?? '', groups, extra: {} };
}

function accessStatus(
  context: RequestContext,
  user: UserInfo,
  spec: JsonObject,
): JsonObject {
  const { authorizer } = context.server;
  const { allowed, reason } = authorizer.authorize(user, questionOf(spec));
  return { allowed, ...(reason ? { reason } : {}) };
}

function rulesStatus(context: RequestContext, spec: JsonObject): JsonObject {
  const namespace = text(spec.namespace);
  if (!namespace) {
    throw badRequest('no namespace on request');
  }
  const { user, server } = context;
  const granted = user.groups.includes('system:masters')
    ? [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    : [...server.authorizer.rulesFor(user, namespace)].map(({ rule }) => rule);
  return {
    resourceRules: granted.filter(rule => 'resources' in rule),
    nonResourceRules: granted.filter(rule => 'nonResourceURLs' in rule),
    incomplete: false,
  };
}

function userInfo(user: UserInfo): JsonObject {
  return {
    username: user.user,
    ...(user.uid ? { uid: user.uid } : {}),
    groups: user.groups,
    ...(Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
  };
}

function tokenStatus(context: RequestContext, spec: JsonObject): JsonObject {
  const user = context.server.authenticator.identify(text(spec.token) ?? '');
  return user
    ? { authenticated: true, user: userInfo(user), audiences: [AUDIENCE] }
    : { user: {}, error: 'invalid bearer token' };
}

function statusOf(context: RequestContext, kind: string, spec: JsonObject) {
  switch (kind) {
    case 'SelfSubjectAccessReview':
      return accessStatus(context, context.user, spec);
    case 'SubjectAccessReview':
      return accessStatus(context, subjectOf(spec), spec);
    case 'SelfSubjectRulesReview':
      return rulesStatus(context, spec);
    case 'TokenReview':
      return tokenStatus(context, spec);
    default:
      return { userInfo: userInfo(context.user) };
  }
}

export async function answerReview(
  context: RequestContext,
  review: { group: string; kind: string },
): Promise<ApiAnswer> {
  const body = await readBody(context.request);
  const object = parseObject(body, review.kind);
  if (object.kind !== review.kind) {
    throw badRequest(
      `the kind in the data (${String(
        object.kind,
      )}) does not match the expected kind (${review.kind})`,
    );
  }
  const spec = isObject(object.spec) ? object.spec : {};
  const isWhoAmI = review.kind === 'SelfSubjectReview';
  const creationTimestamp = formatTime(context.server.clock());
  return {
    status: 201,
    body: {
      kind: review.kind,
      apiVersion: `${review.group}/v1`,
      metadata: isWhoAmI ? { creationTimestamp } : {},
      ...(isWhoAmI ? {} : { spec }),
      status: statusOf(context, review.kind, spec),
    },
  };
}

/** TokenRequest: a bearer token for a service account, valid for 10 minutes to a day (default an hour). */
export async function requestToken(
  context: RequestContext,
  account: { namespace: string; name: string },
): Promise<ApiAnswer> {
  const { server } = context;
  const found = server.store.get('serviceaccounts', account);
  if (!found) {
    throw notFound(server.registry.byName('serviceaccounts')!, account.name);
  }
  const object = parseObject(await readBody(context.request), 'TokenRequest');
  const spec = isObject(object.spec) ? object.spec : {};
  const seconds = Number(spec.expirationSeconds ?? 3600);
  if (!(seconds >= 600)) {
    throw invalid({ kind: 'TokenRequest', group: AUTHENTICATION }, '', [
      fieldError('FieldValueInvalid', 'spec.expirationSeconds', {
        value: seconds,
        detail: 'may not specify a duration less than 10 minutes',
      }),
    ]);
  }
  const { token, expiresAt } = server.authenticator.issue({
    ...account,
    uid: found.metadata.uid,
    seconds: Math.min(seconds, 86_400),
  });
  return {
    status: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: `${AUTHENTICATION}/v1`,
      metadata: {
        ...account,
        creationTimestamp: formatTime(server.clock()),
      },
      spec: { ...spec, expirationSeconds: seconds },
      status: { token, expirationTimestamp: formatTime(expiresAt) },
    },
  };
}
