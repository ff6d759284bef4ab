import type { z } from 'zod';
import {
  changeListQuerySchema,
  changeParamsSchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from './changes';
import { meshEventSchema } from './events';
import { componentListQuerySchema, meshQuerySchema } from './mesh';
import { buildOpenApi } from './openapi';
import { API_ROUTES, type ApiRoute } from './routes';

const params = {
  clusters: ['prod-eu'],
  namespace: 'catalog',
  service: 'reviews',
  route: {
    kind: 'VirtualService',
    namespace: 'catalog',
    name: 'reviews',
    fieldPath: 'http[0]',
  },
  weights: [
    { key: 'v1', weight: 70 },
    { key: 'v2', weight: 30 },
  ],
};
const request = (change: Record<string, unknown> = {}) => ({
  entityRef: 'component:default/reviews',
  intent: { type: 'shiftTraffic', params: { ...params, ...change } },
});
const hash = 'a'.repeat(64);

function problems(schema: z.ZodTypeAny, value: unknown): string[] {
  const result = schema.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      );
}

describe('schemas', () => {
  it.each<[string, string[], string[]]>([
    ['an intent', problems(previewRequestSchema, request()), []],
    [
      'without route',
      problems(previewRequestSchema, request({ route: undefined })),
      [],
    ],
    [
      'weights that do not sum to 100',
      problems(
        previewRequestSchema,
        request({ weights: [{ key: 'v1', weight: 99 }] }),
      ),
      ['intent.params.weights: must sum to 100, the sum is 99'],
    ],
    [
      'a version twice',
      problems(
        previewRequestSchema,
        request({
          weights: [
            { key: 'v1', weight: 50 },
            { key: 'v1', weight: 50 },
          ],
        }),
      ),
      ['intent.params.weights: names a version twice'],
    ],
    [
      'half a percent',
      problems(
        previewRequestSchema,
        request({
          weights: [
            { key: 'v1', weight: 99.5 },
            { key: 'v2', weight: 0.5 },
          ],
        }),
      ),
      [
        'intent.params.weights.0.weight: Expected integer, received float',
        'intent.params.weights.1.weight: Expected integer, received float',
      ],
    ],
    [
      'a weight below 0',
      problems(
        previewRequestSchema,
        request({
          weights: [
            { key: 'v1', weight: 110 },
            { key: 'v2', weight: -10 },
          ],
        }),
      ),
      [
        'intent.params.weights.0.weight: Number must be less than or equal to 100',
        'intent.params.weights.1.weight: Number must be greater than or equal to 0',
      ],
    ],
    [
      'no cluster',
      problems(previewRequestSchema, request({ clusters: [] })),
      ['intent.params.clusters: Array must contain at least 1 element(s)'],
    ],
    [
      'a namespace that is none',
      problems(previewRequestSchema, request({ namespace: '../kube-system' })),
      [
        'intent.params.namespace: must be a Kubernetes name: lower case letters, digits, "-" and "."',
      ],
    ],
    [
      'a path that is none',
      problems(
        previewRequestSchema,
        request({ route: { ...params.route, fieldPath: 'http[0].route' } }),
      ),
      ['intent.params.route.fieldPath: must look like http[0] or rules[0]'],
    ],
    [
      'a kind that is not edited',
      problems(
        previewRequestSchema,
        request({ route: { ...params.route, kind: 'EnvoyFilter' } }),
      ),
      [
        "intent.params.route.kind: Invalid enum value. Expected 'VirtualService' | 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute', received 'EnvoyFilter'",
      ],
    ],
    [
      'an unknown intent',
      problems(previewRequestSchema, {
        entityRef: 'a',
        intent: { type: 'nothing', params: {} },
      }),
      [
        "intent.type: Invalid discriminator value. Expected 'shiftTraffic' | 'abTest' | 'timeoutsAndRetries' | 'circuitBreaker' | 'mtlsMode' | 'whoMayCall' | 'applyFix'",
      ],
    ],
    [
      'a change',
      problems(submitRequestSchema, {
        ...request(),
        reason: 'canary',
        planHash: hash,
      }),
      [],
    ],
    [
      'a reason of spaces',
      problems(submitRequestSchema, {
        ...request(),
        reason: '     ',
        planHash: hash,
      }),
      ['reason: must say why, in at least 3 characters'],
    ],
    [
      'no reason',
      problems(submitRequestSchema, { ...request(), planHash: hash }),
      ['reason: Required'],
    ],
    [
      'a ticket with spaces',
      problems(submitRequestSchema, {
        ...request(),
        reason: 'canary',
        planHash: hash,
        ticket: 'CAT 219',
      }),
      ['ticket: must not contain spaces'],
    ],
    [
      'no hash of a preview',
      problems(submitRequestSchema, {
        ...request(),
        reason: 'canary',
        planHash: 'A',
      }),
      ['planHash: must be the hash of a preview'],
    ],
    [
      'a revert',
      problems(revertRequestSchema, { reason: 'failing', planHash: hash }),
      [],
    ],
    ['a window', problems(meshQuerySchema, { window: '90m' }), []],
    [
      'a window of seconds',
      problems(meshQuerySchema, { window: '90s' }),
      ['window: must be minutes or hours, for example 5m or 1h (at most 6h)'],
    ],
    [
      'a window of PromQL',
      problems(meshQuerySchema, { window: '5m]) or vector(1' }),
      ['window: must be minutes or hours, for example 5m or 1h (at most 6h)'],
    ],
    [
      'a list too long',
      problems(changeListQuerySchema, { limit: '101' }),
      ['limit: Number must be less than or equal to 100'],
    ],
    [
      'a time that is none',
      problems(changeListQuerySchema, { from: 'yesterday' }),
      ['from: Invalid datetime'],
    ],
    [
      'an id that is a path',
      problems(changeParamsSchema, { id: '../1' }),
      ['id: must be the id of a change'],
    ],
    [
      'a sort that is none',
      problems(componentListQuerySchema, { sort: 'random' }),
      [
        "sort: Invalid enum value. Expected 'health' | 'name' | 'requests' | 'owner', received 'random'",
      ],
    ],
    ['an event', problems(meshEventSchema, { entityRefs: ['*'] }), []],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));

  it('fill in what a query leaves out', () => {
    expect(componentListQuerySchema.parse({})).toEqual({
      window: '5m',
      sort: 'health',
      order: 'asc',
      offset: 0,
      limit: 50,
    });
    expect(changeListQuerySchema.parse({ limit: '10' })).toEqual({ limit: 10 });
  });
});

const WRITING = [
  'istio.change.create',
  'istio.change.approve',
  'istio.audit.redact',
];
const routes: [string, ApiRoute][] = Object.entries(API_ROUTES);

describe('API_ROUTES', () => {
  it('names each method and path once', () => {
    const names = routes.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every(name => / \/v1\//.test(name))).toBe(true);
  });

  it.each(routes)('%s describes its parameters and its guard', (_, route) => {
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map(match => match[1]);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
    expect(route.permission === undefined).toBe(route.scope === 'signedIn');
    expect(route.method === 'GET' && route.body !== undefined).toBe(false);
    expect(route.errors[403] !== undefined || route.scope !== 'entity').toBe(
      true,
    );
    const takesInput = Boolean(route.params || route.query || route.body);
    expect(route.errors[400] !== undefined).toBe(takesInput);
  });

  it('lets nobody change anything with a permission to read', () => {
    for (const [id, { method, permission }] of routes) {
      // A question with a request's headers: a body, because what they hold is not for access logs.
      const asks = id === 'askRequest';
      const writes = method === 'POST' && !asks;
      const decides = WRITING.includes(permission?.name ?? '');
      // The queue of what waits for somebody is for who may approve.
      expect([id, decides]).toEqual([id, writes || id === 'listApprovals']);
    }
  });
});

describe('buildOpenApi', () => {
  const document = JSON.parse(JSON.stringify(buildOpenApi()));

  it('describes every route', () => {
    expect(Object.keys(document.paths)).toHaveLength(
      new Set(routes.map(([, { path }]) => path)).size,
    );
    for (const [id, { method, path, status }] of routes) {
      const operation =
        document.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
      expect(operation.operationId).toBe(id);
      expect(operation.responses[status]).toBeDefined();
      expect(operation.responses[401]).toBeDefined();
    }
  });

  it('has no reference that leads nowhere', () => {
    const references: string[] = [];
    JSON.stringify(document, (key, value) => {
      if (key === '$ref') {
        references.push(value);
      }
      return value;
    });
    expect(references.length).toBeGreaterThan(50);
    const missing = references.filter(reference => {
      let target: unknown = document;
      for (const segment of reference.slice(2).split('/')) {
        target = (target as Record<string, unknown> | undefined)?.[segment];
      }
      return target === undefined;
    });
    expect(missing).toEqual([]);
  });

  it('names schemas and requires path parameters', () => {
    const operation =
      document.paths['/v1/entities/{kind}/{namespace}/{name}/mesh'].get;
    expect(operation.responses[200].content['application/json'].schema).toEqual(
      {
        $ref: '#/components/schemas/ComponentMesh',
      },
    );
    expect(
      operation.parameters.map(
        (each: { name: string; in: string; required: boolean }) => [
          each.name,
          each.in,
          each.required,
        ],
      ),
    ).toEqual([
      ['kind', 'path', true],
      ['namespace', 'path', true],
      ['name', 'path', true],
      ['window', 'query', false],
      ['clusters', 'query', false],
    ]);
    expect(document.components.schemas.SubmitRequest.required).toEqual([
      'entityRef',
      'intent',
      'reason',
      'planHash',
    ]);
    expect(
      document.paths['/v1/events'].get.responses[200].content,
    ).toHaveProperty('text/event-stream');
  });
});
