import { KINDS } from '@istio-backstage/plugin-istio-common';
import { get, MERGE, patch, post } from '../world/KubeApi';
import { configMap, split, testNamespace, virtualService } from './fixtures';

const namespace = testNamespace('lists');
const list = namespace.virtualServices;

const names = async (query: string) => {
  const { status, body } = await get(`${list}?${query}`);
  return status === 200
    ? body.items.map(({ metadata }) => metadata.name)
    : [status, body.reason];
};

beforeAll(async () => {
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    const labels = { app: name, odd: index % 2 === 0 ? 'yes' : 'no' };
    await post(list, virtualService(name, split(80), { labels }));
  }
  await post(`${namespace.core}/configmaps`, configMap('one', { k: 'v' }));
});

describe('every kind the product watches', () => {
  it.each(Object.entries(KINDS))('%s is listed', async (_, kind) => {
    const root = kind.group ? `/apis/${kind.group}` : '/api';
    const version = `${root}/${kind.version}`;
    const { status, body } = await get(`${version}/${kind.plural}?limit=500`);
    // Of a kind that a mesh need not have the product asks first whether its version is served.
    const served = 'optional' in kind ? (await get(version)).status : 200;
    expect(status).toBe(served);
    if (status === 404) return;
    expect(body.kind).toMatch(/List$/);
    expect(body.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(Array.isArray(body.items)).toBe(true);
  });
});

describe('a list', () => {
  it('says its kind and version, and its custom items theirs', async () => {
    const { body, headers } = await get(list);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body.kind).toBe('VirtualServiceList');
    expect(body.apiVersion).toBe('networking.istio.io/v1');
    expect(body.metadata.continue ?? '').toBe('');
    expect(body.items[0]).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: namespace.name, name: 'a', generation: 1 },
    });
  });

  it('leaves the kind out of built-in items', async () => {
    const { body } = await get(
      `${namespace.core}/configmaps?fieldSelector=metadata.name%3Done`,
    );
    expect(body.kind).toBe('ConfigMapList');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).not.toHaveProperty('kind');
    expect(body.items[0]).not.toHaveProperty('apiVersion');
  });

  it('shows older versions of the API the same objects', async () => {
    const { body } = await get(list.replace('/v1/', '/v1beta1/'));
    expect(body.items.map(item => item.apiVersion)).toEqual(
      Array(5).fill('networking.istio.io/v1beta1'),
    );
  });

  it('is empty where the namespace is missing', async () => {
    const { status, body } = await get(
      list.replace(namespace.name, 'conformance-nowhere'),
    );
    expect(status).toBe(200);
    expect(body.items).toEqual([]);
  });
});

describe('pages', () => {
  it('are one snapshot, whatever happens in between', async () => {
    const first = await get(`${list}?limit=2`);
    expect(first.body.items).toHaveLength(2);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    const { continue: next = '', resourceVersion } = first.body.metadata;
    expect(next).not.toBe('');
    await patch(`${list}/e`, { metadata: { labels: { late: 'y' } } }, MERGE);
    await post(list, virtualService('f'));
    const second = await get(
      `${list}?limit=2&continue=${encodeURIComponent(next)}`,
    );
    expect(second.body.items.map(item => item.metadata.name)).toEqual([
      'c',
      'd',
    ]);
    expect(second.body.metadata.resourceVersion).toBe(resourceVersion);
    const third = await get(
      `${list}?limit=2&continue=${encodeURIComponent(
        second.body.metadata.continue ?? '',
      )}`,
    );
    expect(third.body.items.map(item => item.metadata.name)).toEqual(['e']);
    expect(third.body.items[0].metadata.labels).not.toHaveProperty('late');
    expect(third.body.metadata.continue ?? '').toBe('');
  });

  it('do not count what is left under a selector', async () => {
    const { body } = await get(`${list}?limit=1&labelSelector=odd%3Dyes`);
    expect(body.items).toHaveLength(1);
    expect(body.metadata.continue).toBeTruthy();
    expect(body.metadata).not.toHaveProperty('remainingItemCount');
  });

  it.each([
    ['continue=nonsense', 400, 'BadRequest'],
    ['limit=x', 400, 'BadRequest'],
  ])('%s is refused', async (query, status, reason) => {
    const { body, ...answer } = await get(`${list}?${query}`);
    expect([answer.status, body.kind, body.reason]).toEqual([
      status,
      'Status',
      reason,
    ]);
  });

  it('a continue token goes with no resourceVersion', async () => {
    const { body } = await get(`${list}?limit=1`);
    const refused = await get(
      `${list}?limit=1&resourceVersion=5&continue=${encodeURIComponent(
        body.metadata.continue ?? '',
      )}`,
    );
    expect([refused.status, refused.body.reason]).toEqual([400, 'BadRequest']);
  });
});

describe('selectors', () => {
  it.each([
    ['odd=yes', ['a', 'c', 'e']],
    ['odd==no', ['b', 'd']],
    ['odd!=yes', ['b', 'd', 'f']],
    ['app in (a,b)', ['a', 'b']],
    ['odd in (no,yes),app notin (a,b,c)', ['d', 'e']],
    ['!odd', ['f']],
    ['odd', ['a', 'b', 'c', 'd', 'e']],
    ['app=a,odd=no', []],
    ['x y', [400, 'BadRequest']],
    ['=', [400, 'BadRequest']],
  ])('labels: %s', async (selector, expected) => {
    expect(
      await names(`labelSelector=${encodeURIComponent(selector)}`),
    ).toEqual(expected);
  });

  it.each([
    ['metadata.name=b', ['b']],
    ['metadata.name!=b', ['a', 'c', 'd', 'e', 'f']],
    ['metadata.name=b,metadata.namespace=elsewhere', []],
    ['spec.hosts=reviews', [400, 'BadRequest']],
  ])('fields: %s', async (selector, expected) => {
    expect(
      await names(`fieldSelector=${encodeURIComponent(selector)}`),
    ).toEqual(expected);
  });
});

describe('resourceVersion of a list', () => {
  it('0 and none show the newest of a quiet cluster', async () => {
    expect(await names('resourceVersion=0')).toContain('f');
    expect(await names('')).toContain('f');
  });

  it('Exact shows the past, NotOlderThan the present', async () => {
    const { body } = await get(list);
    const { resourceVersion } = body.metadata;
    await post(list, virtualService('g'));
    expect(
      await names(
        `resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`,
      ),
    ).not.toContain('g');
    expect(
      await names(
        `resourceVersion=${resourceVersion}&resourceVersionMatch=NotOlderThan`,
      ),
    ).toContain('g');
  });

  it.each([
    ['resourceVersion=x', 400, 'BadRequest'],
    ['resourceVersionMatch=Exact', 422, 'Invalid'],
    ['resourceVersion=0&resourceVersionMatch=Exact', 422, 'Invalid'],
    ['resourceVersion=1&resourceVersionMatch=Foo', 422, 'Invalid'],
    ['resourceVersion=999999999', 504, 'Timeout'],
  ])('%s is refused', async (query, status, reason) => {
    expect(await names(query)).toEqual([status, reason]);
  });
});
