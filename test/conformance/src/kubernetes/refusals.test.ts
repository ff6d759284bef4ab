import {
  type Answer,
  get,
  MERGE,
  patch,
  post,
  put,
  remove,
  send,
} from '../world/KubeApi';
import { configMap, split, testNamespace, virtualService } from './fixtures';

const namespace = testNamespace('refusals');
const path = namespace.virtualServices;
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const verdict = ({ status, body }: Answer) => [status, body.kind, body.reason];
const fieldsOf = ({ body }: Answer) =>
  body.details?.causes?.map(({ reason, field }) => [reason, field]);

describe('what is not there', () => {
  it('is a Status that names it', async () => {
    const answer = await get(`${path}/missing`);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'virtualservices.networking.istio.io "missing" not found',
      reason: 'NotFound',
      details: {
        name: 'missing',
        group: 'networking.istio.io',
        kind: 'virtualservices',
      },
      code: 404,
    });
  });

  it.each([
    '/apis/conformance.test/v1/foos',
    '/apis/networking.istio.io/v9/virtualservices',
    '/apis/networking.istio.io/v1/nothings',
    '/api/v1/foos',
    '/nothing',
  ])(
    '%s is not found, in plain text or as a Status without details',
    async unknown => {
      const answer = await get(unknown);
      expect(answer.status).toBe(404);
      expect(answer.text).toMatch(
        /^404 page not found\n?$|"reason":"NotFound"|\/nothing/,
      );
    },
  );
});

describe('a method that is not for this', () => {
  it('is 405', async () => {
    expect(verdict(await get(REVIEWS))).toEqual([
      405,
      'Status',
      'MethodNotAllowed',
    ]);
  });

  it('is 405 for a POST to an object', async () => {
    const answer = await post(`${namespace.core}/configmaps/a`, configMap('a'));
    expect(verdict(answer)).toEqual([405, 'Status', 'MethodNotAllowed']);
  });
});

describe('a body', () => {
  it.each([
    ['of text', 'hello', 'text/plain', 415],
    ['of broken JSON', '{', undefined, 400],
    ['of a list', '[]', undefined, 400],
    [
      'of another kind',
      { ...virtualService('a'), kind: 'Gateway' },
      undefined,
      422,
    ],
    ['of another group', configMap('a'), undefined, 400],
    [
      'of another namespace',
      virtualService('a', split(1), { namespace: 'other' }),
      undefined,
      400,
    ],
  ])('%s is refused', async (_, body, type, status) => {
    const answer = await send('POST', path, { body, type });
    expect([answer.status, answer.body.kind]).toEqual([status, 'Status']);
  });

  it('may be YAML', async () => {
    const answer = await send('POST', `${path}?dryRun=All`, {
      type: 'application/yaml',
      body: 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: yaml}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}\n',
    });
    expect(answer.status).toBe(201);
  });

  it('under another name is refused by an update', async () => {
    await post(path, virtualService('a'));
    const { body } = await get(`${path}/a`);
    const answer = await put(`${path}/b`, body);
    expect(answer.status).toBe(400);
    await remove(`${path}/a`);
  });
});

describe('what is invalid', () => {
  it('is 422 with a cause per field', async () => {
    const answer = await post(
      path,
      virtualService('Bad_', split(80), { labels: { a: 'x y' } }),
    );
    expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
    expect(answer.body.details).toMatchObject({
      name: 'Bad_',
      group: 'networking.istio.io',
      kind: 'VirtualService',
    });
    expect(fieldsOf(answer)).toEqual([
      ['FieldValueInvalid', 'metadata.name'],
      ['FieldValueInvalid', 'metadata.labels'],
    ]);
  });

  it.each([
    ['a wrong type', { hosts: 'x' }, [['FieldValueTypeInvalid', 'spec.hosts']]],
    [
      'an unknown value',
      { hosts: ['a'], http: [{ redirect: { derivePort: 'X' } }] },
      [['FieldValueNotSupported', 'spec.http[0].redirect.derivePort']],
    ],
    [
      'a missing field',
      { hosts: ['a'], http: [{ route: [{ weight: 1 }] }] },
      [['FieldValueRequired', 'spec.http[0].route[0].destination']],
    ],
    [
      'a broken rule',
      { hosts: ['a'], http: [{ timeout: 'q' }] },
      [['FieldValueInvalid', 'spec.http[0].timeout']],
    ],
  ])('by %s', async (_, spec, expected) => {
    const answer = await post(`${path}?dryRun=All`, virtualService('a', spec));
    expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
    expect(fieldsOf(answer)?.slice(0, 1)).toEqual(expected);
  });

  it('is 422 without a name', async () => {
    const answer = await post(path, virtualService(undefined));
    expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
    expect(fieldsOf(answer)?.[0]).toEqual([
      'FieldValueRequired',
      'metadata.name',
    ]);
  });

  it.each(['dryRun=X', 'fieldValidation=X'])('is 422 with %s', async query => {
    const answer = await post(`${path}?${query}`, virtualService('a'));
    expect(verdict(answer)).toEqual([422, 'Status', 'Invalid']);
  });
});

describe('unknown fields', () => {
  const spec = {
    ...split(80),
    foo: 1,
    tcp: [{ route: [{ destination: { host: 'x', bar: 1 } }] }],
  };
  const create = (validation: string) =>
    post(
      `${path}?dryRun=All${validation && `&fieldValidation=${validation}`}`,
      virtualService('a', spec),
    );

  it('are refused by Strict, all of them', async () => {
    const answer = await create('Strict');
    expect(verdict(answer)).toEqual([400, 'Status', 'BadRequest']);
    expect(answer.body.message).toContain('unknown field "spec.foo"');
    expect(answer.body.message).toContain(
      'unknown field "spec.tcp[0].route[0].destination.bar"',
    );
  });

  it.each(['Warn', ''])(
    'are warned of by "%s" and dropped',
    async validation => {
      const answer = await create(validation);
      expect(answer.status).toBe(201);
      expect(answer.warnings).toEqual([
        'unknown field "spec.foo"',
        'unknown field "spec.tcp[0].route[0].destination.bar"',
      ]);
      expect(answer.body.spec).not.toHaveProperty('foo');
    },
  );

  it('are dropped in silence by Ignore', async () => {
    const answer = await create('Ignore');
    expect([answer.status, answer.warnings]).toEqual([201, []]);
    expect(answer.body.spec).not.toHaveProperty('foo');
  });

  it('in a patch are seen, too', async () => {
    await post(path, virtualService('b'));
    const strict = await patch(
      `${path}/b?fieldValidation=Strict`,
      { spec: { foo: 1 } },
      MERGE,
    );
    expect(strict.status).toBe(422);
    const warned = await patch(
      `${path}/b?dryRun=All`,
      { spec: { foo: 1 } },
      MERGE,
    );
    expect(warned.warnings).toEqual(['unknown field "spec.foo"']);
    await remove(`${path}/b`);
  });

  it('in a built-in kind are warned of', async () => {
    const answer = await post(`${namespace.core}/configmaps?dryRun=All`, {
      ...configMap('c'),
      foo: 1,
    });
    expect([answer.status, answer.warnings]).toEqual([
      201,
      ['unknown field "foo"'],
    ]);
  });
});
