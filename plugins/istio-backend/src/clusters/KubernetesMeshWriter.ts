import { ServiceUnavailableError } from '@backstage/errors';
import type {
  KubeObject,
  ObjectRef,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type {
  ActingUser,
  MeshWriter,
  WriteContext,
  WriteResult,
} from '@istio-backstage/plugin-istio-node';
import {
  annotationPatch,
  annotationsOf,
} from './KubernetesMeshWriterAnnotations';
import {
  collectionPathOf,
  describeObject,
  isWritable,
  objectPathOf,
  resourceOf,
} from './KubernetesMeshWriterPaths';
import {
  isKubeObject,
  messageOfAnswer,
  movedMessage,
  notSent,
  resultOf,
  resultOfError,
} from './KubernetesMeshWriterResult';
import { IstioWebhooks } from './KubernetesMeshWriterWebhooks';
import type { KubeClient, KubeRequest, KubeResponse } from './types';

/** Field manager of every write. */
const FIELD_MANAGER = 'istio-portal';
const WEBHOOK_CACHE_MS = 60_000;

/** Options of {@link KubernetesMeshWriter}. */
export interface KubernetesMeshWriterOptions {
  clients: readonly KubeClient[];
  /** Version of the product, for the User-Agent. */
  version: string;
  /** How long to wait for an answer; the API server is told to give up 2 s earlier. */
  timeoutMs?: number;
  now?: () => number;
}

interface ClusterEntry {
  client: KubeClient;
  webhooks: IstioWebhooks;
}

/**
 * Writes to the clusters as the user, by impersonation. An edit is a JSON Patch whose `test`
 * operations bind it to the base: under server-side apply the http, tcp and tls routes of Istio's
 * kinds are atomic lists and would conflict with every other owner.
 */
export class KubernetesMeshWriter implements MeshWriter {
  static create(options: KubernetesMeshWriterOptions): KubernetesMeshWriter {
    const now = options.now ?? Date.now;
    const clusters = options.clients.map((client): [string, ClusterEntry] => [
      client.cluster,
      {
        client,
        webhooks: IstioWebhooks.create({
          client,
          cacheMs: WEBHOOK_CACHE_MS,
          now,
        }),
      },
    ]);
    return new KubernetesMeshWriter(
      new Map(clusters),
      options.version,
      options.timeoutMs ?? 15_000,
    );
  }

  private constructor(
    private readonly clusters: Map<string, ClusterEntry>,
    private readonly version: string,
    private readonly timeoutMs: number,
  ) {}

  async write(
    operation: PlanOperation,
    context: WriteContext,
  ): Promise<WriteResult> {
    const { object, action, base } = operation;
    if (!isWritable(object)) {
      return notSent(
        `The portal does not write objects of kind ${object.kind} (${object.apiVersion})`,
      );
    }
    if (action !== 'create' && !(base?.uid && base.resourceVersion)) {
      return notSent(`The plan for ${describeObject(object)} names no base`);
    }
    if (!context.actingUser.user) {
      // Without the header the request would go out as the portal itself.
      return notSent('A write needs a user to act as');
    }
    switch (action) {
      case 'create':
        return this.create(operation, context);
      case 'patch':
        return this.patch(operation, context);
      default:
        return this.delete(operation, context);
    }
  }

  /** Live read as the portal. Throws ServiceUnavailableError when the cluster does not show the object. */
  async read(object: ObjectRef): Promise<KubeObject | undefined> {
    const response = await this.ask(object.cluster, {
      method: 'GET',
      path: objectPathOf(object),
    });
    if (response.status === 404) {
      return undefined;
    }
    if (response.status !== 200 || !isKubeObject(response.body)) {
      throw new ServiceUnavailableError(
        `${object.cluster} did not show ${describeObject(object)} (status ${
          response.status
        })`,
      );
    }
    return response.body;
  }

  /** Throws ServiceUnavailableError when the cluster does not review. */
  async authorizeWrite(options: {
    cluster: string;
    actingUser: ActingUser;
    object: Pick<ObjectRef, 'apiVersion' | 'kind' | 'namespace' | 'name'>;
    verb: 'create' | 'update' | 'patch' | 'delete';
  }): Promise<{ allowed: boolean; reason?: string }> {
    const { cluster, actingUser, object, verb } = options;
    if (!actingUser.user) {
      return { allowed: false, reason: 'A write needs a user to act as' };
    }
    const { group, plural } = resourceOf(object);
    const response = await this.ask(cluster, {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      ...impersonationOf(actingUser),
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            namespace: object.namespace,
            verb,
            group,
            resource: plural,
            name: object.name,
          },
        },
      },
    });
    const refused = `${actingUser.user} may not ${verb} ${describeObject(
      object,
    )} in ${cluster}`;
    if (response.status === 403) {
      // The portal's own account may not impersonate this user or group.
      return {
        allowed: false,
        reason: `${refused}: ${messageOfAnswer(response)}`,
      };
    }
    if (response.status >= 300) {
      throw new ServiceUnavailableError(
        `${cluster} did not say whether ${
          actingUser.user
        } may ${verb} ${describeObject(object)} (status ${response.status})`,
      );
    }
    const { status } = response.body as {
      status?: { allowed?: boolean; reason?: string };
    };
    if (status?.allowed === true) {
      return { allowed: true };
    }
    return {
      allowed: false,
      reason: status?.reason ? `${refused}: ${status.reason}` : refused,
    };
  }

  async istioWebhookFor(cluster: string, apiVersion: string, kind: string) {
    const { group, plural } = resourceOf({ apiVersion, kind });
    return this.entry(cluster).webhooks.partFor(group, plural);
  }

  private async create(
    operation: PlanOperation,
    context: WriteContext,
  ): Promise<WriteResult> {
    const { object, body } = operation;
    const metadata = (body?.metadata ?? {}) as Record<string, unknown>;
    const annotations = (metadata.annotations ?? {}) as Record<string, string>;
    return this.send(object.cluster, {
      method: 'POST',
      path: collectionPathOf(object),
      ...this.writeOptions(context),
      body: {
        ...body,
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: {
          ...metadata,
          name: object.name,
          namespace: object.namespace,
          annotations: { ...annotations, ...annotationsOf(context) },
        },
      },
    });
  }

  private async patch(
    operation: PlanOperation,
    context: WriteContext,
  ): Promise<WriteResult> {
    const { object, base } = operation;
    const live = await this.readBase(operation);
    if ('outcome' in live) {
      return live;
    }
    const { headers, ...options } = this.writeOptions(context);
    const result = await this.send(object.cluster, {
      method: 'PATCH',
      path: objectPathOf(object),
      ...options,
      headers: { ...headers, 'Content-Type': 'application/json-patch+json' },
      body: [
        ...(operation.patch ?? []),
        ...annotationPatch(operation, live.object, context),
      ],
    });
    // A failed `test` is answered with a bare 422 that does not say so: whether the base moved can
    // only be seen on the object itself.
    if (result.outcome === 'failed' && result.status === 422) {
      const now = await this.read(object).catch(() => live.object);
      return now?.metadata.resourceVersion === base?.resourceVersion
        ? result
        : {
            ...result,
            outcome: 'conflict',
            message: movedMessage(object, now),
          };
    }
    return missingIsConflict(result, object);
  }

  private async delete(
    operation: PlanOperation,
    context: WriteContext,
  ): Promise<WriteResult> {
    const { object, base } = operation;
    const result = await this.send(
      object.cluster,
      {
        method: 'DELETE',
        path: objectPathOf(object),
        ...this.writeOptions(context),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          // With a body the API server reads no options of a deletion from the query: a `dryRun` that
          // stands only there deletes.
          ...(context.dryRun ? { dryRun: ['All'] } : {}),
          preconditions: {
            uid: base?.uid,
            resourceVersion: base?.resourceVersion,
          },
        },
      },
      operation.before,
    );
    return missingIsConflict(result, object);
  }

  /** The object now, or why the patch is not worth sending. The patch's own tests keep it true. */
  private async readBase(
    operation: PlanOperation,
  ): Promise<{ object: KubeObject } | WriteResult> {
    const { object, base } = operation;
    let live: KubeObject | undefined;
    try {
      live = await this.read(object);
    } catch (error) {
      return notSent(error instanceof Error ? error.message : String(error));
    }
    const unmoved =
      live?.metadata.uid === base?.uid &&
      live?.metadata.resourceVersion === base?.resourceVersion;
    return live && unmoved
      ? { object: live }
      : {
          outcome: 'conflict',
          status: 409,
          message: movedMessage(object, live),
          warnings: [],
        };
  }

  private writeOptions(context: WriteContext) {
    const { headers, repeatedHeaders } = impersonationOf(context.actingUser);
    return {
      query: {
        fieldManager: FIELD_MANAGER,
        // The server gives up first: a request without an answer cannot take effect much later.
        timeout: `${Math.max(1, Math.floor(this.timeoutMs / 1000) - 2)}s`,
        ...(context.dryRun ? { dryRun: 'All' } : {}),
      },
      headers: {
        ...headers,
        'Audit-ID': context.attemptId,
        'User-Agent': `istio-portal/${this.version} change/${context.changeId}`,
      },
      repeatedHeaders,
    };
  }

  private async send(
    cluster: string,
    request: KubeRequest,
    deleted?: Record<string, unknown>,
  ): Promise<WriteResult> {
    try {
      const { client } = this.entry(cluster);
      const response = await client.request({
        ...request,
        timeoutMs: this.timeoutMs,
      });
      return resultOf(response, deleted);
    } catch (error) {
      return resultOfError(error, cluster);
    }
  }

  /** A request that only reads. */
  private async ask(
    cluster: string,
    request: KubeRequest,
  ): Promise<KubeResponse> {
    const { client } = this.entry(cluster);
    try {
      return await client.request({ ...request, timeoutMs: this.timeoutMs });
    } catch (error) {
      throw new ServiceUnavailableError(
        `${cluster} does not answer${
          error instanceof Error ? ` (${error.message})` : ''
        }`,
      );
    }
  }

  private entry(cluster: string): ClusterEntry {
    const entry = this.clusters.get(cluster);
    if (!entry) {
      throw new ServiceUnavailableError(`Cluster ${cluster} is not configured`);
    }
    return entry;
  }
}

function impersonationOf({ user, groups }: ActingUser): {
  headers: Record<string, string>;
  repeatedHeaders: Record<string, string[]>;
} {
  return {
    headers: { 'Impersonate-User': user },
    repeatedHeaders: groups.length > 0 ? { 'Impersonate-Group': groups } : {},
  };
}

function missingIsConflict(
  result: WriteResult,
  object: ObjectRef,
): WriteResult {
  return result.outcome === 'failed' && result.status === 404
    ? {
        ...result,
        outcome: 'conflict',
        message: movedMessage(object, undefined),
      }
    : result;
}
