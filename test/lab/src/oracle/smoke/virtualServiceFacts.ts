import { collectFacts, to, absent } from './fact';
import { dr, http, shop, subsets, v1, v2, vs } from './worlds';

const { facts, route } = collectFacts();

/** What a VirtualService does to a request. */
export const virtualServiceFacts = facts;

const split =
  shop +
  subsets +
  http(
    `{match: [{headers: {end-user: {exact: jason}}}], route: [${v2}]}, {route: [{destination: {host: reviews, subset: v1}, weight: 90}, {destination: {host: reviews, subset: v2}, weight: 10}]}`,
  );
route('no VirtualService: the whole service', shop, to(['', 100]));
route('90/10 split', split, to(['v1', 90], ['v2', 10]));
route('header match wins over the split', split, to(['v2', 100]), {
  headers: { 'end-user': 'jason' },
});
route('other header value falls through', split, to(['v1', 90], ['v2', 10]), {
  headers: { 'end-user': 'jasonx' },
});
route(
  'subset selects its pods only',
  split,
  { clusters: [{ subset: 'v2', exists: true, endpoints: ['10.1.0.2:8080'] }] },
  { headers: { 'end-user': 'jason' } },
);
route(
  'zero weight is dropped',
  shop +
    subsets +
    http(
      '{route: [{destination: {host: reviews, subset: v1}, weight: 100}, {destination: {host: reviews, subset: v2}, weight: 0}]}',
    ),
  to(['v1', 100]),
);
route(
  'weights need not sum to 100',
  shop +
    subsets +
    http(
      '{route: [{destination: {host: reviews, subset: v1}, weight: 1}, {destination: {host: reviews, subset: v2}, weight: 3}]}',
    ),
  to(['v1', 1], ['v2', 3]),
);
route(
  'undefined subset has no cluster',
  shop +
    subsets +
    http('{route: [{destination: {host: reviews, subset: v9}}]}'),
  { clusters: [{ subset: 'v9', exists: false }] },
);
route(
  'first matching rule wins',
  shop +
    subsets +
    http(
      `{match: [{uri: {prefix: /a}}], route: [${v1}]}, {match: [{uri: {exact: /a/b}}], route: [${v2}]}`,
    ),
  to(['v1', 100]),
  { path: '/a/b' },
);
route(
  'no rule matches: 404',
  shop + subsets + http(`{match: [{uri: {exact: /a}}], route: [${v1}]}`),
  { outcome: 'noRoute' },
  { path: '/a/b' },
);
route(
  'regex matches the whole path',
  shop +
    subsets +
    http(
      `{match: [{uri: {regex: '/v[0-9]'}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v2', 100]),
  { path: '/v1/x' },
);
route(
  'conditions of one match are ANDed',
  shop +
    subsets +
    http(
      `{match: [{uri: {prefix: /a}, method: {exact: POST}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v2', 100]),
  { path: '/a', method: 'GET' },
);
route(
  'withoutHeaders matches an absent header',
  shop +
    subsets +
    http(
      `{match: [{withoutHeaders: {x-beta: {exact: 'on'}}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v1', 100]),
);
route(
  'withoutHeaders rejects the value',
  shop +
    subsets +
    http(
      `{match: [{withoutHeaders: {x-beta: {exact: 'on'}}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v2', 100]),
  { headers: { 'X-Beta': 'on' } },
);
route(
  'query parameter match',
  shop +
    subsets +
    http(
      `{match: [{queryParams: {v: {exact: '2'}}}], route: [${v2}]}, {route: [${v1}]}`,
    ),
  to(['v2', 100]),
  { path: '/x?v=2' },
);
route(
  'sourceLabels limit the client',
  shop +
    subsets +
    http(
      `{match: [{sourceLabels: {app: nobody}}], route: [${v2}]}, {route: [${v1}]}`,
    ),
  to(['v1', 100]),
);
route(
  'timeout and retries',
  shop +
    subsets +
    http(
      `{route: [${v1}], timeout: 5s, retries: {attempts: 3, perTryTimeout: 2s, retryOn: 5xx}}`,
    ),
  { timeout: '5s', retries: { attempts: 3, perTryTimeout: '2s', on: '5xx' } },
);
route('default retries: 2 attempts, no timeout', shop, {
  timeout: '0s',
  retries: { attempts: 2 },
});
route(
  'attempts 0 turns retries off',
  shop + subsets + http(`{route: [${v1}], retries: {attempts: 0}}`),
  { outcome: 'routed', retries: absent },
);
route(
  'fault injection',
  shop +
    subsets +
    http(
      `{route: [${v1}], fault: {abort: {httpStatus: 503, percentage: {value: 12.5}}, delay: {fixedDelay: 2s, percentage: {value: 50}}}}`,
    ),
  {
    fault: {
      abortStatus: 503,
      abortPercent: 12.5,
      delay: '2s',
      delayPercent: 50,
    },
  },
);
route(
  'mirroring',
  shop +
    subsets +
    http(
      `{route: [${v1}], mirror: {host: reviews, subset: v2}, mirrorPercentage: {value: 25}}`,
    ),
  {
    clusters: [{ subset: 'v1' }],
    mirrors: [
      {
        cluster: 'outbound|80|v2|reviews.default.svc.cluster.local',
        percent: 25,
      },
    ],
  },
);
route('redirect', shop + http('{redirect: {uri: /new, redirectCode: 302}}'), {
  outcome: 'redirect',
  redirect: { pathRedirect: '/new', responseCode: 'FOUND' },
});
route(
  'direct response',
  shop + http('{directResponse: {status: 418, body: {string: teapot}}}'),
  {
    outcome: 'directResponse',
    directResponse: { status: 418, body: 'teapot' },
  },
);
route(
  'rewrite',
  shop +
    http(
      '{match: [{uri: {prefix: /old}}], rewrite: {uri: /new, authority: r.example.com}, route: [{destination: {host: reviews}}]}',
    ),
  { rewrite: { prefix: '/new', authority: 'r.example.com' } },
  { path: '/old/x' },
);
route(
  'name.namespace in hosts is not expanded',
  shop +
    subsets +
    vs('r', `{hosts: [reviews.default], http: [{route: [${v2}]}]}`),
  to(['', 100]),
);
const privateRoute =
  shop +
  subsets +
  vs(
    'r',
    "{hosts: [reviews.default.svc.cluster.local], exportTo: ['.'], http: [{route: [{destination: {host: reviews.default.svc.cluster.local, subset: v2}}]}]}",
    { ns: 'two' },
  );
route(
  'exportTo . hides a VirtualService elsewhere',
  privateRoute,
  to(['', 100]),
);
route(
  'exportTo . applies in its own namespace',
  privateRoute,
  to(['v2', 100]),
  { host: 'reviews.default', pod: 'other', ns: 'two' },
);
route(
  'DestinationRule of the client namespace first',
  shop +
    subsets +
    dr(
      'mine',
      '{host: reviews.default.svc.cluster.local, subsets: [{name: v1, labels: {version: v2}}]}',
      { ns: 'two' },
    ) +
    vs(
      'r',
      '{hosts: [reviews.default.svc.cluster.local], http: [{route: [{destination: {host: reviews.default.svc.cluster.local, subset: v1}}]}]}',
    ),
  { clusters: [{ subset: 'v1', endpoints: ['10.1.0.2:8080'] }] },
  { host: 'reviews.default', pod: 'other', ns: 'two' },
);
