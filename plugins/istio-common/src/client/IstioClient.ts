import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import { API_ROUTES, type ApiRoute } from '../contract/routes';
import { followEvents } from './followEvents';
import type {
  CallOptions,
  DiscoveryLike,
  FetchLike,
  IstioApi,
  SubscribeOptions,
} from './types';

type QueryValue = string | number | undefined;

interface Call {
  params?: Record<string, string>;
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Client of the plugin's HTTP API, made from `API_ROUTES`; works in the browser and on a server.
 *
 * @public
 */
export class IstioClient implements IstioApi {
  private readonly discoveryApi: DiscoveryLike;
  private readonly fetchApi: FetchLike;

  constructor(options: { discoveryApi: DiscoveryLike; fetchApi: FetchLike }) {
    this.discoveryApi = options.discoveryApi;
    this.fetchApi = options.fetchApi;
  }

  listClusters: IstioApi['listClusters'] = options =>
    this.call(API_ROUTES.listClusters, { ...options });

  getComponentMesh: IstioApi['getComponentMesh'] = async (
    entityRef,
    query,
    options,
  ) =>
    this.call(API_ROUTES.getComponentMesh, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { window: query?.window, clusters: query?.clusters?.join(',') },
    });

  getGoldenSignals: IstioApi['getGoldenSignals'] = async (
    entityRef,
    query,
    options,
  ) =>
    this.call(API_ROUTES.getGoldenSignals, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { window: query?.window },
    });

  getSecurity: IstioApi['getSecurity'] = async (entityRef, query, options) =>
    this.call(API_ROUTES.getSecurity, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { ...query, clusters: query?.clusters?.join(',') },
    });

  getNamespaceReadiness: IstioApi['getNamespaceReadiness'] = async (
    entityRef,
    query,
    options,
  ) =>
    this.call(API_ROUTES.getNamespaceReadiness, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { ...query, clusters: query?.clusters?.join(',') },
    });

  askAuthorization: IstioApi['askAuthorization'] = async (
    entityRef,
    query,
    options,
  ) =>
    this.call(API_ROUTES.askAuthorization, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { ...query, clusters: query.clusters?.join(',') },
    });

  getEntityAccess: IstioApi['getEntityAccess'] = async (entityRef, options) =>
    this.call(API_ROUTES.getEntityAccess, {
      ...options,
      params: splitEntityRef(entityRef),
    });

  listComponents: IstioApi['listComponents'] = (query, options) =>
    this.call(API_ROUTES.listComponents, { ...options, query: { ...query } });

  getFindings: IstioApi['getFindings'] = async (entityRef, options) =>
    this.call(API_ROUTES.getFindings, {
      ...options,
      params: splitEntityRef(entityRef),
    });

  getResilience: IstioApi['getResilience'] = async (
    entityRef,
    query,
    options,
  ) =>
    this.call(API_ROUTES.getResilience, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { clusters: query?.clusters?.join(',') },
    });

  getExposure: IstioApi['getExposure'] = async (entityRef, query, options) =>
    this.call(API_ROUTES.getExposure, {
      ...options,
      params: splitEntityRef(entityRef),
      query: { clusters: query?.clusters?.join(',') },
    });

  askRequest: IstioApi['askRequest'] = async (entityRef, question, options) =>
    this.call(API_ROUTES.askRequest, {
      ...options,
      params: splitEntityRef(entityRef),
      body: question,
    });

  listFindings: IstioApi['listFindings'] = (query, options) =>
    this.call(API_ROUTES.listFindings, { ...options, query: { ...query } });

  getPosture: IstioApi['getPosture'] = (query, options) =>
    this.call(API_ROUTES.getPosture, { ...options, query: { ...query } });

  listRules: IstioApi['listRules'] = options =>
    this.call(API_ROUTES.listRules, { ...options });

  getObject: IstioApi['getObject'] = (object, options) =>
    this.call(API_ROUTES.getObject, { ...options, query: { ...object } });

  previewChange: IstioApi['previewChange'] = (request, options) =>
    this.call(API_ROUTES.previewChange, { ...options, body: request });

  submitChange: IstioApi['submitChange'] = (request, options) =>
    this.call(API_ROUTES.submitChange, { ...options, body: request });

  previewRevert: IstioApi['previewRevert'] = (id, options) =>
    this.call(API_ROUTES.previewRevert, { ...options, params: { id } });

  revertChange: IstioApi['revertChange'] = (id, request, options) =>
    this.call(API_ROUTES.revertChange, {
      ...options,
      params: { id },
      body: request,
    });

  getChange: IstioApi['getChange'] = (id, options) =>
    this.call(API_ROUTES.getChange, { ...options, params: { id } });

  listApprovals: IstioApi['listApprovals'] = options =>
    this.call(API_ROUTES.listApprovals, { ...options });

  approveChange: IstioApi['approveChange'] = (id, request, options) =>
    this.call(API_ROUTES.approveChange, {
      ...options,
      params: { id },
      body: request,
    });

  declineChange: IstioApi['declineChange'] = (id, request, options) =>
    this.call(API_ROUTES.declineChange, {
      ...options,
      params: { id },
      body: request,
    });

  cancelChange: IstioApi['cancelChange'] = (id, request, options) =>
    this.call(API_ROUTES.cancelChange, {
      ...options,
      params: { id },
      body: request,
    });

  adoptChange: IstioApi['adoptChange'] = (id, request, options) =>
    this.call(API_ROUTES.adoptChange, {
      ...options,
      params: { id },
      body: request,
    });

  reviewChange: IstioApi['reviewChange'] = (id, request, options) =>
    this.call(API_ROUTES.reviewChange, {
      ...options,
      params: { id },
      body: request,
    });

  finishChange: IstioApi['finishChange'] = (id, request, options) =>
    this.call(API_ROUTES.finishChange, {
      ...options,
      params: { id },
      body: request,
    });

  resolveChange: IstioApi['resolveChange'] = (id, request, options) =>
    this.call(API_ROUTES.resolveChange, {
      ...options,
      params: { id },
      body: request,
    });

  listChanges: IstioApi['listChanges'] = (query, options) =>
    this.call(API_ROUTES.listChanges, { ...options, query: { ...query } });

  listAuditEntries: IstioApi['listAuditEntries'] = (query, options) =>
    this.call(API_ROUTES.listAuditEntries, { ...options, query: { ...query } });

  redactAuditEntry: IstioApi['redactAuditEntry'] = (seq, request, options) =>
    this.call(API_ROUTES.redactAuditEntry, {
      ...options,
      params: { seq: String(seq) },
      body: request,
    });

  getAuditCoverage: IstioApi['getAuditCoverage'] = options =>
    this.call(API_ROUTES.getAuditCoverage, { ...options });

  verifyAuditLog: IstioApi['verifyAuditLog'] = options =>
    this.call(API_ROUTES.verifyAuditLog, { ...options });

  exportAuditLog: IstioApi['exportAuditLog'] = (query, options) =>
    this.fetchFile(API_ROUTES.exportAuditLog, {
      ...options,
      query: { ...query },
    });

  makeEvidencePack: IstioApi['makeEvidencePack'] = (query, options) =>
    this.fetchFile(API_ROUTES.makeEvidencePack, {
      ...options,
      query: { ...query },
    });

  subscribe(options: SubscribeOptions): Promise<void> {
    return followEvents({
      ...options,
      open: signal =>
        this.send(API_ROUTES.subscribe, { signal }, 'text/event-stream'),
    });
  }

  private async fetchFile(route: ApiRoute, call: Call): Promise<Response> {
    const response = await this.send(route, call, '*/*');
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }

  private async call<TRoute extends ApiRoute>(
    route: TRoute,
    call: Call & CallOptions,
  ): Promise<z.output<TRoute['response']>> {
    const response = await this.send(route, call, 'application/json');
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const parsed = route.response.safeParse(await response.json());
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Error(
        `The answer of ${route.method} ${
          route.path
        } does not have the expected form: ${issue.path.join('.')}: ${
          issue.message
        }. The backend may be of another version`,
      );
    }
    return parsed.data;
  }

  private async send(
    route: ApiRoute,
    call: Call,
    accept: string,
  ): Promise<Response> {
    const base = await this.discoveryApi.getBaseUrl('istio');
    const hasBody = call.body !== undefined;
    return this.fetchApi.fetch(base + buildPath(route.path, call), {
      method: route.method,
      headers: {
        Accept: accept,
        ...(hasBody && { 'Content-Type': 'application/json' }),
      },
      ...(hasBody && { body: JSON.stringify(call.body) }),
      ...(call.signal && { signal: call.signal }),
    });
  }
}

function buildPath(path: string, call: Call): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(call.params?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  const search = query.toString();
  return search ? `${filled}?${search}` : filled;
}

/** `component:default/reviews`; the namespace may be left out, the kind may not. */
function splitEntityRef(entityRef: string): Record<string, string> {
  const match = /^([^:/]+):(?:([^:/]+)\/)?([^:/]+)$/.exec(entityRef);
  if (!match) {
    throw new TypeError(
      `Entity reference "${entityRef}" must look like component:default/reviews`,
    );
  }
  const [, kind, namespace = 'default', name] = match;
  return { kind, namespace, name };
}
