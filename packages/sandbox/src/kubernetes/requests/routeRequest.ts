import { describeDenial } from '../auth/impersonate';
import type { AccessQuestion } from '../auth/types';
import { answerDiscovery } from '../discovery/discovery';
import { answerOpenApi } from '../discovery/openApi';
import { createObject } from '../verbs/createObject';
import { deleteCollection, deleteObject } from '../verbs/deleteObject';
import { patchObject } from '../verbs/patchObject';
import { getObject, listObjects } from '../verbs/readObjects';
import { answerReview, requestToken, REVIEWS } from '../verbs/reviews';
import { updateObject } from '../verbs/updateObject';
import { watchObjects } from '../verbs/watchObjects';
import {
  forbidden,
  forbiddenPath,
  methodNotAllowed,
  notAcceptable,
  notImplemented,
  unknownResource,
} from './ApiError';
import type {
  ApiAnswer,
  HandlerAnswer,
  RequestContext,
  ResourceRequest,
} from './types';

const ACCEPTED = ['application/json'];

/** Subresources that a real API server has and this one refuses. */
const REFUSED_SUBRESOURCES = new Set([
  'scale',
  'log',
  'exec',
  'attach',
  'portforward',
  'proxy',
  'eviction',
  'binding',
  'ephemeralcontainers',
  'resize',
  'finalize',
]);

const PAGE_NOT_FOUND: ApiAnswer = {
  status: 404,
  body: '404 page not found\n',
  contentType: 'text/plain; charset=utf-8',
};

function questionOf(context: RequestContext): AccessQuestion {
  const { verb, path, resource } = context.info;
  return resource
    ? {
        verb,
        group: resource.group,
        resource: resource.plural,
        subresource: resource.subresource,
        namespace: resource.namespace,
        name: resource.name,
      }
    : { verb, path };
}

/** @throws ApiError 403. */
export function authorize(context: RequestContext): void {
  const { server, user } = context;
  const question = questionOf(context);
  if (server.authorizer.authorize(user, question).allowed) {
    return;
  }
  const message = describeDenial(user, question);
  throw 'path' in question
    ? forbiddenPath(message)
    : forbidden({ ...question, message });
}

function checkAccept(context: RequestContext): void {
  const accept = String(context.request.headers.accept ?? '*/*');
  if (!/json|\*\/\*|application\/\*|text\/plain/.test(accept)) {
    throw notAcceptable(ACCEPTED);
  }
}

/** Authorizes a request and lets the right handler answer it. */
export async function routeRequest(
  context: RequestContext,
): Promise<HandlerAnswer> {
  authorize(context);
  checkAccept(context);
  const { server, info } = context;
  if (info.resource) {
    return routeResource(context, info.resource);
  }
  const answer =
    answerDiscovery(info.path, server.registry) ??
    answerOpenApi(info.path, server.registry);
  if (!answer) {
    return PAGE_NOT_FOUND;
  }
  if (context.request.method !== 'GET' && context.request.method !== 'HEAD') {
    throw methodNotAllowed();
  }
  return answer;
}

async function routeResource(
  context: RequestContext,
  wanted: NonNullable<RequestContext['info']['resource']>,
): Promise<HandlerAnswer> {
  const { server } = context;
  const { group, version, plural, subresource, name } = wanted;
  const namespace = plural === 'namespaces' ? undefined : wanted.namespace;
  const review = REVIEWS.find(
    known => known.group === group && known.plural === plural,
  );
  if (review && version === 'v1') {
    if (context.request.method !== 'POST') {
      throw methodNotAllowed();
    }
    return answerReview(context, review);
  }
  const resource = server.registry.served(group, version, plural);
  if (!resource || (namespace !== undefined && !resource.type.namespaced)) {
    if (group !== '') {
      return PAGE_NOT_FOUND;
    }
    throw unknownResource();
  }
  if (resource.type.id === 'serviceaccounts' && subresource === 'token') {
    if (context.info.verb !== 'create' || !namespace || !name) {
      throw methodNotAllowed();
    }
    return requestToken(context, { namespace, name });
  }
  return handle({ ...context, resource, namespace, name, subresource });
}

function checkSubresource(request: ResourceRequest): void {
  const { subresource, resource, info } = request;
  if (subresource === undefined) {
    return;
  }
  if (subresource === 'status' && resource.version.status) {
    if (!['get', 'update', 'patch'].includes(info.verb)) {
      throw methodNotAllowed();
    }
    return;
  }
  if (!resource.type.crd && REFUSED_SUBRESOURCES.has(subresource)) {
    throw notImplemented(
      `the subresource ${resource.type.plural}/${subresource}`,
    );
  }
  throw unknownResource();
}

async function handle(request: ResourceRequest): Promise<HandlerAnswer> {
  checkSubresource(request);
  const { resource, namespace, info } = request;
  const placed = !resource.type.namespaced || namespace !== undefined;
  const named = request.name !== undefined;
  switch (info.verb) {
    case 'list':
      return listObjects(request);
    case 'watch':
      return watchObjects(request);
    case 'deletecollection':
      if (placed) {
        return deleteCollection(request);
      }
      break;
    case 'create':
      if (placed && !named) {
        return createObject(request);
      }
      break;
    default:
      if (placed && named) {
        return handleNamed(request);
      }
  }
  throw methodNotAllowed();
}

async function handleNamed(request: ResourceRequest): Promise<HandlerAnswer> {
  switch (request.info.verb) {
    case 'get':
      return getObject(request);
    case 'update':
      return updateObject(request);
    case 'patch':
      return patchObject(request);
    case 'delete':
      return deleteObject(request);
    default:
      throw methodNotAllowed();
  }
}
