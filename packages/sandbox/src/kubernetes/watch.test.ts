import {
  startTestCluster,
  type TestCluster,
} from './testUtils/startTestCluster';
import type { KubeObject } from './types';

const PATH = '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices';

function route(name: string, labels?: Record<string, string>): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'catalog', labels },
    spec: { hosts: [name] },
  };
}

interface WatchEvent {
  type: string;
  object: KubeObject & { code?: number; message?: string };
}

/** A watch over HTTP whose events can be awaited one by one. */
class WatchReader {
  private readonly decoder = new TextDecoder();
  private buffer = '';

  private constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly abort: AbortController,
  ) {}

  static async open(url: string): Promise<WatchReader> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { Authorization: 'Bearer admin' },
      signal: abort.signal,
    });
    if (!response.ok) {
      throw new Error(`The watch was refused: ${await response.text()}`);
    }
    return new WatchReader(response.body!.getReader(), abort);
  }

  /** Undefined: the answer ended. @throws when the connection was cut. */
  async next(): Promise<WatchEvent | undefined> {
    while (!this.buffer.includes('\n')) {
      const { done, value } = await this.reader.read();
      if (done) {
        return undefined;
      }
      this.buffer += this.decoder.decode(value, { stream: true });
    }
    const end = this.buffer.indexOf('\n');
    const line = this.buffer.slice(0, end);
    this.buffer = this.buffer.slice(end + 1);
    return JSON.parse(line);
  }

  async names(count: number): Promise<string[]> {
    const result: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const event = await this.next();
      result.push(`${event?.type} ${event?.object.metadata?.name}`);
    }
    return result;
  }

  close(): void {
    this.abort.abort();
  }
}

describe('watch', () => {
  let target: TestCluster;
  let readers: WatchReader[] = [];

  const start = async (
    options: Parameters<typeof startTestCluster>[0] = {},
  ) => {
    target = await startTestCluster({ objects: [route('a')], ...options });
  };
  const open = async (query: string, path = PATH) => {
    const reader = await WatchReader.open(
      `${target.url}${path}?watch=true&${query}`,
    );
    readers.push(reader);
    return reader;
  };

  afterEach(async () => {
    readers.forEach(reader => reader.close());
    readers = [];
    await target.close();
  });

  it('continues a list without a gap, whoever writes', async () => {
    await start();
    const list = await target.request('GET', PATH);
    await target.request('POST', PATH, { body: route('b') });
    const watch = await open(
      `resourceVersion=${list.body.metadata.resourceVersion}`,
    );
    target.cluster.store.apply(route('c'));
    await target.request('DELETE', `${PATH}/a`);
    expect(await watch.names(3)).toEqual(['ADDED b', 'ADDED c', 'DELETED a']);
  });

  it('gives events rising versions, the deletion one of its own', async () => {
    await start();
    const watch = await open('resourceVersion=0');
    await target.request('DELETE', `${PATH}/a`);
    const added = await watch.next();
    const deleted = await watch.next();
    expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(added?.object.metadata.resourceVersion),
    );
  });

  it('shows an object that starts or stops matching as coming and going', async () => {
    await start();
    const watch = await open('labelSelector=team%3Dcatalog');
    target.cluster.store.apply(route('a', { team: 'catalog' }));
    target.cluster.store.apply(route('a', { team: 'catalog', more: 'yes' }));
    target.cluster.store.apply(route('a', {}));
    target.cluster.store.apply(route('a', { other: 'yes' }));
    target.cluster.store.apply(route('z', { team: 'catalog' }));
    expect(await watch.names(4)).toEqual([
      'ADDED a',
      'MODIFIED a',
      'DELETED a',
      'ADDED z',
    ]);
  });

  it('keeps namespaces and kinds apart', async () => {
    await start();
    const watch = await open(
      `resourceVersion=${target.cluster.store.resourceVersion()}`,
    );
    target.cluster.store.apply({
      ...route('x'),
      metadata: { name: 'x', namespace: 'payments' },
    });
    target.cluster.store.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'catalog' },
    });
    target.cluster.store.apply(route('mine'));
    expect(await watch.names(1)).toEqual(['ADDED mine']);
  });

  it('sends no bookmark where nothing happened since the watch began', async () => {
    await start({ bookmarkEveryMs: 20 });
    const watch = await open(
      `timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=${target.cluster.store.resourceVersion()}`,
    );
    expect(await watch.next()).toBeUndefined();
  });

  it('sends bookmarks that name the newest version, only when asked', async () => {
    await start({ bookmarkEveryMs: 20 });
    const watch = await open('allowWatchBookmarks=true&resourceVersion=0');
    expect(await watch.names(1)).toEqual(['ADDED a']);
    target.cluster.store.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'catalog' },
    });
    let bookmark = await watch.next();
    while (
      bookmark?.object.metadata.resourceVersion !==
      String(target.cluster.store.resourceVersion())
    ) {
      bookmark = await watch.next();
    }
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'VirtualService', apiVersion: 'networking.istio.io/v1' },
    });
    expect(bookmark?.object.spec).toBeUndefined();
    const plain = await open(
      `timeoutSeconds=1&resourceVersion=${target.cluster.store.resourceVersion()}`,
    );
    expect(await plain.next()).toBeUndefined();
  });

  it('ends after timeoutSeconds', async () => {
    await start();
    const began = Date.now();
    const watch = await open('timeoutSeconds=1&resourceVersion=0');
    expect(await watch.names(1)).toEqual(['ADDED a']);
    expect(await watch.next()).toBeUndefined();
    expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  });

  it('answers a compacted version with an ERROR event of 410, and a list of it with 410', async () => {
    await start({ compactAfter: 3 });
    const old = target.cluster.store.resourceVersion();
    for (let index = 0; index < 5; index += 1) {
      target.cluster.store.apply(route(`r${index}`));
    }
    const watch = await open(`resourceVersion=${old}`);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: expect.stringMatching(
          /^too old resource version: \d+ \(\d+\)$/,
        ),
      },
    });
    expect(await watch.next()).toBeUndefined();
    const list = await target.request(
      'GET',
      `${PATH}?resourceVersion=${old}&resourceVersionMatch=Exact`,
    );
    expect(list.status).toBe(410);
    const recent = await open(
      `resourceVersion=${target.cluster.store.resourceVersion() - 2}`,
    );
    expect(await recent.names(2)).toEqual(['ADDED r3', 'ADDED r4']);
  });

  it('expires a continue token when its version is compacted', async () => {
    await start({ compactAfter: 3 });
    target.cluster.store.apply(route('b'));
    const page = await target.request('GET', `${PATH}?limit=1`);
    expect(page.body.metadata).toMatchObject({ remainingItemCount: 1 });
    for (let index = 0; index < 5; index += 1) {
      target.cluster.store.apply(route(`r${index}`));
    }
    const next = await target.request(
      'GET',
      `${PATH}?limit=1&continue=${page.body.metadata.continue}`,
    );
    expect(next.status).toBe(410);
    expect(next.body.reason).toBe('Expired');
  });

  it('speaks the version of the request', async () => {
    await start();
    const watch = await open(
      'resourceVersion=0',
      PATH.replace('/v1/', '/v1alpha3/'),
    );
    expect((await watch.next())?.object.apiVersion).toBe(
      'networking.istio.io/v1alpha3',
    );
  });

  it('serves many watches of one kind', async () => {
    await start();
    const version = target.cluster.store.resourceVersion();
    const watches = await Promise.all(
      Array.from({ length: 30 }, () => open(`resourceVersion=${version}`)),
    );
    target.cluster.store.apply(route('all'));
    const seen = await Promise.all(watches.map(watch => watch.names(1)));
    expect(new Set(seen.flat())).toEqual(new Set(['ADDED all']));
  });

  describe('that breaks', () => {
    it('by a cut after some events', async () => {
      await start();
      target.cluster.faults.add({
        match: { verb: 'watch' },
        times: 1,
        breakWatch: { how: 'cut', afterEvents: 1 },
      });
      const watch = await open('resourceVersion=0');
      await expect(watch.names(1).then(() => watch.next())).rejects.toThrow();
      const again = await open('resourceVersion=0');
      expect(await again.names(1)).toEqual(['ADDED a']);
    });

    it('by a 410 within the stream', async () => {
      await start();
      target.cluster.faults.add({
        match: { verb: 'watch' },
        breakWatch: { how: 'gone' },
      });
      const watch = await open(
        `resourceVersion=${target.cluster.store.resourceVersion()}`,
      );
      expect(await watch.next()).toMatchObject({
        type: 'ERROR',
        object: { code: 410 },
      });
      expect(await watch.next()).toBeUndefined();
    });

    it('by a line that is no JSON', async () => {
      await start();
      target.cluster.faults.add({
        match: { verb: 'watch' },
        breakWatch: { how: 'garbage', afterEvents: 1 },
      });
      const watch = await open('resourceVersion=0');
      expect(await watch.names(1)).toEqual(['ADDED a']);
      await expect(watch.next()).rejects.toThrow(SyntaxError);
    });

    it('by the death of the cluster', async () => {
      await start();
      const watch = await open(
        `resourceVersion=${target.cluster.store.resourceVersion()}`,
      );
      const next = watch.next();
      target.cluster.faults.setState('dead');
      await expect(next).rejects.toThrow();
    });
  });
});
