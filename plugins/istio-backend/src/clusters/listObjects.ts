import {
  apiVersionOf,
  isOptionalKind,
  KindName,
  kubernetesKindOf,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { messageOf } from './DefaultKubeClient';
import { keepNeededFields } from './keepNeededFields';
import { pathOf } from './pathOf';
import { KubeClient, KubeStatusError } from './types';

const PAGE_SIZE = '500';
const LIST_TIMEOUT_MS = 30_000;

interface ListBody {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: KubeObject[];
}

/**
 * All objects of a kind, page by page, each stripped before the next page is read: the peak is one page,
 * not the cluster.
 */
export async function listObjects(options: {
  client: KubeClient;
  kind: KindName;
  signal: AbortSignal;
}): Promise<{ objects: Map<string, KubeObject>; resourceVersion: string }> {
  const { client, kind, signal } = options;
  if (isOptionalKind(kind)) await checkIsServed(options);
  const objects = new Map<string, KubeObject>();
  const apiVersion = apiVersionOf(kind);
  const kubernetesKind = kubernetesKindOf(kind);
  let next: string | undefined;
  for (;;) {
    const response = await client.request({
      method: 'GET',
      path: pathOf(kind),
      query: { limit: PAGE_SIZE, continue: next },
      timeoutMs: LIST_TIMEOUT_MS,
      signal,
    });
    if (response.status !== 200) {
      throw new KubeStatusError(response.status, messageOf(response.body));
    }
    const body = response.body as ListBody | undefined;
    if (!Array.isArray(body?.items) || !body?.metadata?.resourceVersion) {
      throw new KubeStatusError(502, 'the answer is not a list');
    }
    for (const item of body.items) {
      // Items of a typed list carry neither kind nor apiVersion.
      const object = keepNeededFields(kind, {
        ...item,
        apiVersion: item.apiVersion ?? apiVersion,
        kind: item.kind ?? kubernetesKind,
      });
      objects.set(
        `${object.metadata.namespace ?? ''}/${object.metadata.name}`,
        object,
      );
    }
    next = body.metadata.continue || undefined;
    if (!next)
      return { objects, resourceVersion: body.metadata.resourceVersion };
  }
}

/**
 * Whether there is such a kind at all is open to everybody; without the question a cluster without it would
 * answer that it may not be read.
 */
async function checkIsServed(options: {
  client: KubeClient;
  kind: KindName;
  signal: AbortSignal;
}): Promise<void> {
  const { client, kind, signal } = options;
  const { status, body } = await client.request({
    method: 'GET',
    path: `/apis/${apiVersionOf(kind)}`,
    signal,
  });
  if (status === 404) throw new KubeStatusError(404, messageOf(body));
}
