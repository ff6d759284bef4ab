import { IstioClient } from './IstioClient';

interface Seen {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body?: unknown;
}

function clientOf(answer: () => Response) {
  const seen: Seen[] = [];
  const client = new IstioClient({
    discoveryApi: {
      getBaseUrl: async plugin => `https://portal.example/api/${plugin}`,
    },
    fetchApi: {
      fetch: async (url, init) => {
        seen.push({
          url,
          method: init?.method,
          headers: init?.headers as Record<string, string>,
          ...(init?.body !== undefined && {
            body: JSON.parse(String(init.body)),
          }),
        });
        return answer();
      },
    },
  });
  return { client, seen };
}

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

const access = {
  change: { allowed: true, clusters: [] },
  readAudit: false,
};

describe('IstioClient', () => {
  it('fills paths and queries, escaped', async () => {
    const { client, seen } = clientOf(() => json(access));
    await client.getEntityAccess('component:default/a b');
    expect(seen[0].url).toBe(
      'https://portal.example/api/istio/v1/entities/component/default/a%20b/access',
    );
    await client.getEntityAccess('Component:Reviews');
    expect(seen[1].url).toContain('/entities/Component/default/Reviews/access');
    await expect(
      client.getComponentMesh('component:default/reviews', {
        window: '30m',
        clusters: ['prod-eu', 'prod-us'],
      }),
    ).rejects.toThrow();
    expect(seen[2].url).toMatch(/mesh\?window=30m&clusters=prod-eu%2Cprod-us$/);
  });

  it('leaves absent parameters out', async () => {
    const { client, seen } = clientOf(() => json({ items: [] }));
    await client.listChanges({ by: undefined, search: '', limit: 10 });
    expect(seen[0].url).toBe(
      'https://portal.example/api/istio/v1/changes?limit=10',
    );
  });

  it('refuses a reference without kind before asking', async () => {
    const { client, seen } = clientOf(() => json(access));
    for (const bad of ['reviews', 'default/reviews', 'a:b/c/d', '']) {
      await expect(client.getEntityAccess(bad)).rejects.toThrow(
        'must look like component:default/reviews',
      );
    }
    expect(seen).toEqual([]);
  });

  it('sends bodies as JSON', async () => {
    const { client, seen } = clientOf(() => json({}, 201));
    await client
      .revertChange('01J', { reason: 'failing', planHash: 'a'.repeat(64) })
      .catch(() => undefined);
    expect(seen[0]).toEqual({
      url: 'https://portal.example/api/istio/v1/changes/01J/revert',
      method: 'POST',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
      },
      body: { reason: 'failing', planHash: 'a'.repeat(64) },
    });
  });

  it('rejects with the error the backend sent', async () => {
    const { client } = clientOf(() =>
      json(
        {
          error: { name: 'ConflictError', message: 'The plan moved' },
          request: { method: 'POST', url: '/' },
          response: { statusCode: 409 },
        },
        409,
      ),
    );
    await expect(client.getChange('01J')).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 409,
      cause: { name: 'ConflictError', message: 'The plan moved' },
    });
  });

  it('names the field of an answer it does not understand', async () => {
    const { client } = clientOf(() => json({ items: [{ name: 7 }] }));
    await expect(client.listClusters()).rejects.toThrow(
      'The answer of GET /v1/clusters does not have the expected form: items.0.name: Expected string, received number',
    );
  });

  it('passes the signal on', async () => {
    const abort = new AbortController();
    const client = new IstioClient({
      discoveryApi: { getBaseUrl: async () => '' },
      fetchApi: {
        fetch: (_, init) =>
          new Promise((_resolve, reject) => {
            init?.signal?.addEventListener('abort', () =>
              reject(new Error('aborted')),
            );
          }),
      },
    });
    const call = client.listClusters({ signal: abort.signal });
    setTimeout(() => abort.abort(), 1);
    await expect(call).rejects.toThrow('aborted');
  });
});
