import { createInterface } from 'node:readline';
import { pause } from '../waitFor';
import type { KubeClient } from './KubeClient';

interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

interface ObjectList<T> {
  metadata: { resourceVersion: string };
  items: T[];
}

interface Listener<T> {
  /** All objects, after each list. */
  replace: (items: T[]) => void;
  change: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  failed: (message: string) => void;
}

/** Lists and then watches a collection until the signal ends it; any end of the watch lists anew. */
export async function watchObjects<T>(
  client: KubeClient,
  path: string,
  options: { listener: Listener<T>; signal: AbortSignal },
): Promise<void> {
  const { listener, signal } = options;
  while (!signal.aborted) {
    try {
      const list = await client.call<ObjectList<T>>(path);
      listener.replace(list.items);
      await follow(
        client,
        `${path}?watch=1&resourceVersion=${list.metadata.resourceVersion}`,
        options,
      );
    } catch (error) {
      if (signal.aborted) return;
      listener.failed(error instanceof Error ? error.message : String(error));
      await pause(500);
    }
  }
}

async function follow<T>(
  client: KubeClient,
  path: string,
  { listener, signal }: { listener: Listener<T>; signal: AbortSignal },
): Promise<void> {
  const response = await client.send(path, { timeout: 0 });
  const stop = () => response.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const line of createInterface({ input: response })) {
      const { type, object } = JSON.parse(line) as WatchEvent<T>;
      if (type === 'ERROR') return;
      if (type !== 'BOOKMARK') listener.change(type, object);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    response.destroy();
  }
}
