import type { KubeClient } from './KubeClient';
import { KubeError } from './KubeClient';
import type { KubeObject } from './types';

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

const prefixOf = (apiVersion: string) =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** Finds the REST path of an object by asking the API server which resources it has. */
export class ResourcePaths {
  private readonly known = new Map<string, Promise<Resource[]>>();

  constructor(private readonly client: KubeClient) {}

  /** @throws Error when the API server does not know the kind */
  async collection(object: KubeObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    let resource = await this.find(apiVersion, kind);
    if (!resource) {
      // The kind may have come into being since the last look.
      this.known.delete(apiVersion);
      resource = await this.find(apiVersion, kind);
    }
    if (!resource) {
      throw new Error(`the API server does not know ${apiVersion} ${kind}`);
    }
    const scope = resource.namespaced
      ? `/namespaces/${metadata.namespace ?? 'default'}`
      : '';
    return `${prefixOf(apiVersion)}${scope}/${resource.name}`;
  }

  private async find(apiVersion: string, kind: string) {
    let resources = this.known.get(apiVersion);
    if (!resources) {
      resources = this.client
        .call<{ resources: Resource[] }>(prefixOf(apiVersion))
        .then(list => list.resources);
      this.known.set(apiVersion, resources);
      resources.catch(() => this.known.delete(apiVersion));
    }
    return (await resources).find(
      one => one.kind === kind && !one.name.includes('/'),
    );
  }
}

/** Server-side apply, forced, one object. */
export async function applyObject(
  client: KubeClient,
  paths: ResourcePaths,
  object: KubeObject,
): Promise<KubeObject> {
  const path = await paths.collection(object);
  return client.call(
    `${path}/${object.metadata.name}?fieldManager=lab&force=true`,
    {
      method: 'PATCH',
      body: object,
      contentType: 'application/apply-patch+yaml',
    },
  );
}

/** Creates an object as that field manager would; one that is there already stays as it is. */
export async function createObject(
  client: KubeClient,
  paths: ResourcePaths,
  options: { object: KubeObject; manager: string },
): Promise<void> {
  const path = await paths.collection(options.object);
  try {
    await client.call(
      `${path}?fieldManager=${encodeURIComponent(options.manager)}`,
      { method: 'POST', body: options.object },
    );
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
  }
}

/** Runs one task per item, so many at a time; the first failure is thrown after the running ones ended. */
export async function inParallel<T>(
  items: T[],
  width: number,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await task(item);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  const failed = ends.find(end => end.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
