import * as fc from 'fast-check';
import { KubeObject } from '@istio-backstage/plugin-istio-common';
import { aged } from '../world/objects';
import {
  compact,
  day,
  exportTo,
  inNamespace,
  MESH_HOSTS,
  pick,
  sometimes,
  rarely,
} from './base';

/** Paths, headers and the like that rules ask for and questions have. */
export const PATHS = [
  '/',
  '/cart',
  '/cart/items',
  '/Cart',
  '/api/v1',
  '/?x=1',
  '/cart?x=2&y=a',
];

const text = (values: string[]) =>
  fc.oneof(
    pick(...values).map(exact => ({ exact })),
    pick(...values).map(value => ({ prefix: value.slice(0, 5) })),
    pick('.*', '/c.*', '[a-z]+', 'v(1|2)', '(?i)/CART.*', '/api/v\\d').map(
      regex => ({ regex }),
    ),
  );

const uri = fc.oneof(
  pick('/cart', '/', '/api/v1').map(exact => ({ exact })),
  pick('/', '/cart', '/cart/', '/api', '/C').map(prefix => ({ prefix })),
  pick('/c.*', '.*', '/api/v\\d', '(?i)/CART.*').map(regex => ({ regex })),
);

const headers = fc.dictionary(
  pick('x-user', 'x-v', 'X-Mixed'),
  fc.oneof(text(['v1', 'v2', 'anna']), fc.constant({ regex: '*' })),
  { minKeys: 1, maxKeys: 2 },
);

const match = (gateways: readonly string[]) =>
  fc
    .record({
      uri: sometimes(uri),
      ignoreUriCase: sometimes(fc.constant(true)),
      method: sometimes(
        pick({ exact: 'GET' }, { exact: 'POST' }, { regex: 'G.*' }),
      ),
      headers: sometimes(headers),
      withoutHeaders: rarely(headers, 6),
      queryParams: rarely(
        fc.dictionary(pick('x', 'y'), text(['1', '2', 'a']), {
          minKeys: 1,
          maxKeys: 1,
        }),
        6,
      ),
      authority: rarely(text(['web', 'api', 'web.a']), 8),
      scheme: rarely(pick({ exact: 'http' }, { exact: 'https' }), 10),
      port: rarely(pick(80, 8080, 7000), 5),
      sourceLabels: rarely(
        pick({ app: 'web' }, { app: 'api', version: 'v1' }),
        6,
      ),
      sourceNamespace: rarely(pick('a', 'b'), 6),
      gateways: rarely(
        pick(...gateways).map(name => [name]),
        6,
      ),
    })
    .map(compact);

export const destination = (hosts: readonly string[] = MESH_HOSTS) =>
  fc
    .record({
      host: pick(
        ...hosts,
        'nowhere.a.svc.cluster.local',
        'cdn.wild.example.com',
      ),
      subset: rarely(pick('v1', 'v2', 'v3'), 2),
      port: rarely(
        pick(80, 8080, 7000, 1234).map(number => ({ number })),
        4,
      ),
    })
    .map(compact);

const route = fc.oneof(
  { weight: 3, arbitrary: destination().map(item => [{ destination: item }]) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.record({
          destination: destination(),
          weight: pick(0, 1, 10, 25, 75, 90),
        }),
        { minLength: 2, maxLength: 3 },
      )
      .filter(list => list.some(({ weight }) => weight > 0)),
  },
);

const settings = fc
  .record({
    timeout: sometimes(pick('5s', '0s', '1.5s', '250ms')),
    retries: sometimes(
      fc.oneof(
        fc.constant({ attempts: 0 }),
        fc.record({
          attempts: pick(1, 3),
          perTryTimeout: pick('1s', '2.5s'),
          retryOn: pick(
            '5xx',
            '503,reset',
            'gateway-error, 429 ,retriable-status-codes',
          ),
        }),
        fc.constant({ attempts: 3 }),
      ),
    ),
    fault: rarely(
      pick<object>(
        { delay: { fixedDelay: '2s', percentage: { value: 12.5 } } },
        { abort: { httpStatus: 503, percentage: { value: 5 } } },
        { delay: { fixedDelay: '1s' }, abort: { httpStatus: 400 } },
      ),
      6,
    ),
    rewrite: rarely(
      pick<object>(
        { uri: '/new' },
        { authority: 'else.example.com' },
        { uriRegexRewrite: { match: '/c(.*)', rewrite: '/d\\1' } },
      ),
      6,
    ),
    headers: rarely(
      pick<object>(
        { request: { set: { 'x-set': '1' } } },
        { request: { set: { Host: 'set.example.com' } } },
      ),
      8,
    ),
  })
  .map(compact);

const mirrors = fc.oneof(
  { weight: 7, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc
        .record({
          mirror: destination(),
          mirrorPercentage: sometimes(pick({ value: 10 }, { value: 0 })),
        })
        .map(compact),
      fc.record({
        mirrors: fc.array(
          fc.record({
            destination: destination(),
            percentage: pick({ value: 20 }, { value: 1.5 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    ),
  },
);

const redirect = pick<object>(
  { uri: '/moved', redirectCode: 302 },
  { authority: 'moved.example.com' },
  { scheme: 'https', port: 443, redirectCode: 308 },
  { authority: 'x', derivePort: 'FROM_REQUEST_PORT' },
);

const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(route, settings, mirrors)
      .map(([list, set, mirror]) => ({ route: list, ...set, ...mirror })),
  },
  { weight: 1, arbitrary: redirect.map(item => ({ redirect: item })) },
  {
    weight: 1,
    arbitrary: pick(200, 418).map(status => ({
      directResponse: { status, body: { string: 'hello' } },
    })),
  },
);

/** Rules with names of their own, so that the one that decides can be told. */
const rules = (gateways: readonly string[]) =>
  fc.array(
    fc
      .record({
        match: rarely(
          fc.array(match(gateways), { minLength: 1, maxLength: 2 }),
          4,
        ),
        action,
      })
      .map(({ match: matches, action: done }) =>
        compact({
          match: matches?.map((item, index) => ({
            ...item,
            name: `m${index}`,
          })),
          ...done,
        }),
      ),
    { minLength: 1, maxLength: 3 },
  );

const named = (name: string, list: readonly object[]) =>
  list.map((rule, index) => ({ ...rule, name: `${name}-${index}` }));

/** Hosts of VirtualServices: names, short names, wildcards, hosts nobody declares. */
const hosts = fc.uniqueArray(
  pick(
    ...MESH_HOSTS,
    ...MESH_HOSTS,
    '*.a.svc.cluster.local',
    '*.svc.cluster.local',
    '*.example.com',
    '*.wild.example.com',
    'cdn.wild.example.com',
    'web.b',
    'other.example.org',
    '*.example.org',
  ),
  { minLength: 1, maxLength: 3 },
);

/** VirtualServices of HTTP rules; some of them delegate. */
export const virtualServices = (
  gateways: readonly string[] = ['mesh', 'mesh', 'gw'],
): fc.Arbitrary<KubeObject[]> =>
  fc
    .array(
      fc.record({
        namespace: inNamespace,
        day,
        hosts,
        exportTo,
        gateways: rarely(
          fc.uniqueArray(pick(...gateways), { minLength: 1, maxLength: 2 }),
          2,
        ),
        http: rules(gateways),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map(list =>
      list.map(({ namespace, day: created, http, ...spec }, index) =>
        aged(
          'VirtualService',
          { namespace, name: `vs${index}`, day: created },
          compact({ ...spec, http: named(`vs${index}`, http) }),
        ),
      ),
    );

/** A root that delegates, and what it delegates to. */
export const delegates: fc.Arbitrary<KubeObject[]> = fc
  .record({
    root: fc.record({
      namespace: inNamespace,
      day,
      hosts,
      matches: rarely(
        fc.array(match(['mesh']), { minLength: 1, maxLength: 2 }),
        3,
      ),
      set: settings,
    }),
    inner: fc.record({
      namespace: inNamespace,
      day,
      exportTo,
      http: rules(['mesh']),
    }),
    to: pick('inner', 'nobody'),
  })
  .map(({ root, inner, to }) => [
    aged(
      'VirtualService',
      { namespace: root.namespace, name: 'root', day: root.day },
      {
        hosts: root.hosts,
        http: [
          compact({
            name: 'root-0',
            match: root.matches?.map((item, index) => ({
              ...item,
              name: `m${index}`,
            })),
            delegate: { name: to, namespace: inner.namespace },
            ...root.set,
          }),
          {
            name: 'root-1',
            route: [{ destination: { host: 'web.a.svc.cluster.local' } }],
          },
        ],
      },
    ),
    aged(
      'VirtualService',
      { namespace: inner.namespace, name: 'inner', day: inner.day },
      compact({ exportTo: inner.exportTo, http: named('inner', inner.http) }),
    ),
  ]);
