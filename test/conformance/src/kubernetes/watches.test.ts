import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Body,
  get,
  MERGE,
  open,
  patch,
  post,
  remove,
} from '../world/KubeApi';
import { readWorld } from '../world/WorldHandle';
import { split, testNamespace, virtualService } from './fixtures';

interface Event {
  type: string;
  object: Body;
}

const namespace = testNamespace('watches');
const elsewhere = testNamespace('elsewhere');
const path = namespace.virtualServices;
const aborts: AbortController[] = [];

afterEach(() => aborts.splice(0).forEach(abort => abort.abort()));

/** Starts a watch; `next` waits for the next event, `rest` reads until the server ends it. */
async function watch(query: string) {
  const abort = new AbortController();
  aborts.push(abort);
  const response = await open('GET', `${path}?watch=true&${query}`, {
    signal: abort.signal,
  });
  // The connection is cut on purpose when a test is over.
  response.on('error', () => {});
  const lines = createInterface({ input: response })[Symbol.asyncIterator]();
  const next = async (): Promise<Event | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(value) as Event);
  };
  const rest = async () => {
    const events: Event[] = [];
    for (let event = await next(); event; event = await next()) {
      events.push(event);
    }
    return events;
  };
  return { status: response.statusCode, next, rest };
}

/** An API server looks every 15 seconds whether its own snapshots are compacted too. */
async function whenNot200(list: string): Promise<Answer> {
  for (;;) {
    const answer = await get(list);
    if (answer.status !== 200) return answer;
    await sleep(250);
  }
}

const told = (event: Event | undefined) => [
  event?.type,
  event?.object.metadata.name,
];

async function versionNow(): Promise<string> {
  return (await get(path)).body.metadata.resourceVersion;
}

describe('a watch from a list', () => {
  it('tells what happened since, in order, each with its version', async () => {
    const from = await versionNow();
    const { next, status } = await watch(`resourceVersion=${from}`);
    expect(status).toBe(200);
    await post(path, virtualService('told'));
    await patch(`${path}/told`, { spec: split(70) }, MERGE);
    await remove(`${path}/told`);
    const events = [await next(), await next(), await next()];
    expect(events.map(told)).toEqual([
      ['ADDED', 'told'],
      ['MODIFIED', 'told'],
      ['DELETED', 'told'],
    ]);
    expect(events[0]?.object).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
    });
    const versions = events.map(event =>
      Number(event?.object.metadata.resourceVersion),
    );
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set([Number(from), ...versions]).size).toBe(4);
  });

  it('replays what happened before it began', async () => {
    const from = await versionNow();
    await post(path, virtualService('replayed'));
    await remove(`${path}/replayed`);
    const { rest } = await watch(`resourceVersion=${from}&timeoutSeconds=1`);
    expect((await rest()).map(told)).toEqual([
      ['ADDED', 'replayed'],
      ['DELETED', 'replayed'],
    ]);
  });

  it('goes on from the version of its last event', async () => {
    const from = await versionNow();
    await post(path, virtualService('first'));
    const begun = await watch(`resourceVersion=${from}`);
    const first = await begun.next();
    await post(path, virtualService('second'));
    const again = await watch(
      `resourceVersion=${first?.object.metadata.resourceVersion}`,
    );
    expect(told(await again.next())).toEqual(['ADDED', 'second']);
    await remove(path);
  });

  it('with a selector tells of leaving it as of a deletion', async () => {
    const from = await versionNow();
    const { next } = await watch(
      `resourceVersion=${from}&labelSelector=team%3Da`,
    );
    await post(path, virtualService('other'));
    await post(
      path,
      virtualService('mine', split(80), { labels: { team: 'a' } }),
    );
    await patch(`${path}/mine`, { metadata: { labels: { team: 'b' } } }, MERGE);
    await patch(`${path}/mine`, { metadata: { labels: { team: 'a' } } }, MERGE);
    expect([
      told(await next()),
      told(await next()),
      told(await next()),
    ]).toEqual([
      ['ADDED', 'mine'],
      ['DELETED', 'mine'],
      ['ADDED', 'mine'],
    ]);
    await remove(path);
  });

  it('of one name tells of this only', async () => {
    const from = await versionNow();
    await post(path, virtualService('not-this'));
    await post(path, virtualService('this'));
    const { rest } = await watch(
      `resourceVersion=${from}&timeoutSeconds=1&fieldSelector=metadata.name%3Dthis`,
    );
    expect((await rest()).map(told)).toEqual([['ADDED', 'this']]);
    await remove(path);
  });

  it('ends when its time is over', async () => {
    const from = await versionNow();
    const started = Date.now();
    const { rest } = await watch(`resourceVersion=${from}&timeoutSeconds=1`);
    expect(await rest()).toEqual([]);
    expect(Date.now() - started).toBeGreaterThan(900);
  });

  it('gets a bookmark of what it need not see, before its time is over', async () => {
    const from = await versionNow();
    const { rest } = await watch(
      `resourceVersion=${from}&timeoutSeconds=4&allowWatchBookmarks=true`,
    );
    const other = await post(elsewhere.virtualServices, virtualService('x'));
    const events = await rest();
    // How many there are is the server's affair.
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['BOOKMARK']),
    );
    const { object } = events.at(-1)!;
    const { resourceVersion, ...metadata } = object.metadata;
    expect(object).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
    });
    expect(metadata).toEqual({});
    expect(Number(resourceVersion)).toBeGreaterThanOrEqual(
      Number(other.body.metadata.resourceVersion),
    );
  });
});

describe('a watch without a version', () => {
  beforeAll(() => post(path, virtualService('present')));
  afterAll(() => remove(path));

  it.each(['', 'resourceVersion=0&'])(
    '"%s" begins with what is there',
    async query => {
      const { rest } = await watch(`${query}timeoutSeconds=1`);
      expect((await rest()).map(told)).toEqual([['ADDED', 'present']]);
    },
  );

  it('marks the end of the initial events for those who asked', async () => {
    const { next } = await watch(
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=5',
    );
    expect(told(await next())).toEqual(['ADDED', 'present']);
    const end = await next();
    expect(end?.type).toBe('BOOKMARK');
    expect(end?.object.metadata.annotations).toEqual({
      'k8s.io/initial-events-end': 'true',
    });
  });

  it('does not take initial events without their match', async () => {
    const answer = await get(`${path}?watch=true&sendInitialEvents=true`);
    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
  });
});

describe('what is long gone', () => {
  it('is answered with 410 as an event', async () => {
    const { next, status } = await watch('resourceVersion=1');
    expect(status).toBe(200);
    const event = await next();
    expect(event?.type).toBe('ERROR');
    expect(event?.object).toMatchObject({
      kind: 'Status',
      code: 410,
      reason: 'Expired',
    });
    expect(event?.object.message).toMatch(
      /^too old resource version: 1 \(\d+\)$/,
    );
  });
});

const { abilities, control } = readWorld();
const canCompact = abilities.includes('compact');

(canCompact ? describe : describe.skip)(
  `after compaction${
    canCompact ? '' : ' (skipped: nobody said how, see CONFORMANCE_COMPACT)'
  }`,
  () => {
    it('old pages and versions are answered with 410', async () => {
      await post(path, virtualService('one'));
      await post(path, virtualService('two'));
      const page = await get(`${path}?limit=1`);
      await post(path, virtualService('three'));
      const compacted = await fetch(`${control}/compact`, { method: 'POST' });
      expect(compacted.status).toBe(200);
      const next = encodeURIComponent(page.body.metadata.continue ?? '');
      const exact = `resourceVersion=${page.body.metadata.resourceVersion}&resourceVersionMatch=Exact`;
      for (const query of [`limit=1&continue=${next}`, exact]) {
        const { status, body } = await whenNot200(`${path}?${query}`);
        expect([status, body.kind, body.reason]).toEqual([
          410,
          'Status',
          'Expired',
        ]);
      }
      // The present is there all the same.
      expect((await get(path)).body.items).toHaveLength(3);
      await remove(path);
    }, 90_000);

    it('a watch from now goes on', async () => {
      await fetch(`${control}/compact`, { method: 'POST' });
      const { next } = await watch(`resourceVersion=${await versionNow()}`);
      await post(path, virtualService('after'));
      expect(told(await next())).toEqual(['ADDED', 'after']);
      await remove(path);
    });
  },
);
