import { APPLY, get, MERGE, patch, post, remove } from '../world/KubeApi';
import { split, testNamespace, virtualService } from './fixtures';

const namespace = testNamespace('apply');
const path = namespace.virtualServices;
const A = `${path}/a`;

const apply = (
  manager: string,
  spec: Record<string, unknown>,
  {
    query = '',
    labels,
  }: { query?: string; labels?: Record<string, string> } = {},
) =>
  patch(
    `${A}?fieldManager=${manager}${query}`,
    virtualService('a', spec, labels && { labels }),
    APPLY,
  );

/** Who owns what of `a`, by manager and operation. */
async function ownership() {
  const { body } = await get(A);
  return Object.fromEntries(
    (body.metadata.managedFields ?? []).map(entry => [
      `${entry.manager} ${entry.operation}`,
      entry.fieldsV1,
    ]),
  );
}

beforeEach(() => remove(path));

describe('server-side apply', () => {
  it('creates what is missing', async () => {
    const answer = await apply('one', split(80));
    expect(answer.status).toBe(201);
    expect(answer.body.metadata.generation).toBe(1);
    expect((await get(A)).body.spec).toEqual(split(80));
  });

  it('records routes as one field, the reason why the product edits by JSON patch', async () => {
    await apply('one', split(80));
    expect(await ownership()).toEqual({
      'one Apply': { 'f:spec': { 'f:hosts': {}, 'f:http': {} } },
    });
  });

  it('of the same again changes nothing', async () => {
    const first = await apply('one', split(80));
    const second = await apply('one', split(80));
    expect(second.status).toBe(200);
    expect(second.body.metadata.resourceVersion).toBe(
      first.body.metadata.resourceVersion,
    );
  });

  it('over a field of another manager is a conflict that names field and manager', async () => {
    await apply('one', split(80));
    const answer = await apply('two', split(10));
    expect([answer.status, answer.body.kind, answer.body.reason]).toEqual([
      409,
      'Status',
      'Conflict',
    ]);
    expect(answer.body.details?.causes).toEqual([
      {
        reason: 'FieldManagerConflict',
        field: '.spec.http',
        message: expect.stringContaining('conflict with "one"'),
      },
    ]);
    expect((await get(A)).body.spec).toEqual(split(80));
  });

  it('names every field in conflict', async () => {
    await apply('one', split(80));
    const answer = await apply('two', { ...split(10), hosts: ['other'] });
    expect(answer.body.details?.causes?.map(({ field }) => field)).toEqual([
      '.spec.hosts',
      '.spec.http',
    ]);
  });

  it('conflicts with those who updated, too', async () => {
    await post(`${path}?fieldManager=hand`, virtualService('a'));
    const answer = await apply('two', split(10));
    expect(answer.status).toBe(409);
    expect(answer.body.message).toContain(
      '"hand" using networking.istio.io/v1',
    );
  });

  it('by force takes the field over', async () => {
    await apply('one', split(80));
    const answer = await apply('two', split(10), { query: '&force=true' });
    expect(answer.status).toBe(200);
    expect((await get(A)).body.spec).toEqual(split(10));
    expect(await ownership()).toEqual({
      'one Apply': { 'f:spec': { 'f:hosts': {} } },
      'two Apply': { 'f:spec': { 'f:hosts': {}, 'f:http': {} } },
    });
  });

  it('as a dry run tells the result and the conflict, and does neither', async () => {
    await apply('one', split(80));
    const before = await get(A);
    expect(
      (await apply('two', split(10), { query: '&dryRun=All' })).status,
    ).toBe(409);
    const forced = await apply('two', split(10), {
      query: '&dryRun=All&force=true',
    });
    expect(forced.status).toBe(200);
    expect(forced.body.spec).toEqual(split(10));
    expect((await get(A)).body).toEqual(before.body);
  });

  it('removes what it no longer names and nobody else owns', async () => {
    await apply('one', split(80), { labels: { mine: '1', ours: '1' } });
    await apply('two', split(80), { labels: { ours: '1' } });
    const answer = await apply('one', split(80));
    expect(answer.body.metadata.labels).toEqual({ ours: '1' });
  });

  it('takes YAML', async () => {
    const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews}}]}]
`;
    const answer = await patch(`${A}?fieldManager=yaml`, text, APPLY);
    expect(answer.status).toBe(201);
    expect(answer.body.spec).toEqual({
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews' } }] }],
    });
  });

  it('wants a manager', async () => {
    const answer = await patch(A, virtualService('a'), APPLY);
    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.details?.causes?.[0].field).toBe('fieldManager');
  });

  it('takes no managedFields', async () => {
    const answer = await patch(
      `${A}?fieldManager=one`,
      virtualService('a', split(80), {
        managedFields: [
          { manager: 'one', operation: 'Apply', apiVersion: 'v1' },
        ],
      }),
      APPLY,
    );
    expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
  });

  it('without force is refused for other patches', async () => {
    await apply('one', split(80));
    const answer = await patch(`${A}?force=true`, { spec: {} }, MERGE);
    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
  });
});

describe('managedFields', () => {
  it('of updates name the manager given, or the program', async () => {
    await post(path, virtualService('a', split(80), { labels: { a: '1' } }));
    await patch(
      `${A}?fieldManager=argocd-controller`,
      { metadata: { labels: { b: '1' } } },
      MERGE,
    );
    const owners = await ownership();
    expect(owners['conformance Update']).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': { '.': {}, 'f:hosts': {}, 'f:http': {} },
    });
    expect(owners['argocd-controller Update']).toEqual({
      'f:metadata': { 'f:labels': { 'f:b': {} } },
    });
  });

  it('move to who changed a field last', async () => {
    await post(path, virtualService('a'));
    await patch(`${A}?fieldManager=hand`, { spec: split(10) }, MERGE);
    const owners = await ownership();
    expect(owners['hand Update']).toEqual({ 'f:spec': { 'f:http': {} } });
    expect(owners['conformance Update']).toEqual({
      'f:spec': { '.': {}, 'f:hosts': {} },
    });
  });

  it('keep versions and status apart', async () => {
    await post(path, virtualService('a'));
    await patch(
      `${A.replace('/v1/', '/v1beta1/')}?fieldManager=old`,
      { metadata: { labels: { old: '1' } } },
      MERGE,
    );
    await patch(
      `${A}/status?fieldManager=pilot`,
      { status: { observedGeneration: '1' } },
      MERGE,
    );
    const entries = (await get(A)).body.metadata.managedFields ?? [];
    expect(
      entries.map(({ manager, apiVersion, subresource }) => [
        manager,
        apiVersion,
        subresource,
      ]),
    ).toEqual([
      ['conformance', 'networking.istio.io/v1', undefined],
      ['old', 'networking.istio.io/v1beta1', undefined],
      ['pilot', 'networking.istio.io/v1', 'status'],
    ]);
  });
});
