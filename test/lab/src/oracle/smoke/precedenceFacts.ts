import { collectFacts, to } from './fact';
import {
  dated,
  dest,
  http,
  reviews,
  shop,
  subsets,
  v1,
  v2,
  vs,
  two,
} from './worlds';

const { facts, route } = collectFacts();

/** Which of several VirtualServices, rules and settings counts. */
export const precedenceFacts = facts;

route(
  'an omitted weight among several is dropped',
  shop +
    subsets +
    http(
      '{route: [{destination: {host: reviews, subset: v1}, weight: 30}, {destination: {host: reviews, subset: v2}}]}',
    ),
  to(['v1', 30]),
);
route(
  'a single destination ignores its weight',
  shop +
    subsets +
    http('{route: [{destination: {host: reviews, subset: v1}, weight: 20}]}'),
  to(['v1', 100]),
);
route(
  'two VirtualServices for a mesh host are not merged',
  shop +
    subsets +
    dated(
      'VirtualService',
      'old',
      2024,
      `{hosts: [reviews], http: [{match: [{uri: {prefix: /b}}], route: [${v2}]}]}`,
    ) +
    dated(
      'VirtualService',
      'a-new',
      2025,
      `{hosts: [reviews], http: [{route: [${v1}]}]}`,
    ),
  { outcome: 'noRoute' },
  { path: '/x' },
);
route(
  'a private VirtualService beats an older public one',
  shop +
    subsets +
    dated(
      'VirtualService',
      'public',
      2024,
      `{hosts: [${reviews}], http: [{route: [${dest('v1')}]}]}`,
    ) +
    dated(
      'VirtualService',
      'private',
      2025,
      `{hosts: [${reviews}], exportTo: ['.'], http: [{route: [${dest(
        'v2',
      )}]}]}`,
      'two',
    ),
  to(['v2', 100]),
  two,
);
route(
  'one exported to the namespace beats an older public one',
  shop +
    subsets +
    dated(
      'VirtualService',
      'public',
      2024,
      `{hosts: [${reviews}], http: [{route: [${dest('v1')}]}]}`,
    ) +
    dated(
      'VirtualService',
      'named',
      2025,
      `{hosts: [${reviews}], exportTo: [two], http: [{route: [${dest(
        'v2',
      )}]}]}`,
      'three',
    ),
  to(['v2', 100]),
  two,
);
route(
  'match.gateways replaces sourceLabels',
  shop +
    subsets +
    http(
      `{match: [{gateways: [mesh], sourceLabels: {app: nobody}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v1', 100]),
);
route(
  'match.gateways of a gateway excludes the mesh',
  shop +
    subsets +
    http(`{match: [{gateways: [edge/gw]}], route: [${v1}]}, {route: [${v2}]}`),
  to(['v2', 100]),
);
route(
  'an empty header match needs the header',
  shop +
    subsets +
    http(
      `{match: [{headers: {x-beta: {}}}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v2', 100]),
);
route(
  'ignoreUriCase',
  shop +
    subsets +
    http(
      `{match: [{uri: {prefix: /ABC}, ignoreUriCase: true}], route: [${v1}]}, {route: [${v2}]}`,
    ),
  to(['v1', 100]),
  { path: '/abc/d' },
);
route(
  'numeric retryOn',
  shop +
    subsets +
    http(`{route: [${v1}], retries: {attempts: 2, retryOn: '503'}}`),
  { retries: { attempts: 2, statusCodes: [503] } },
);
route(
  'mesh default retry policy',
  shop,
  { retries: { attempts: 5, on: '5xx' } },
  { meshConfig: 'defaultHttpRetryPolicy: {attempts: 5, retryOn: 5xx}' },
);
route(
  "a short destination is in the VirtualService's namespace",
  shop +
    vs(
      'r',
      `{hosts: [${reviews}], http: [{route: [{destination: {host: ratings}}]}]}`,
      { ns: 'two' },
    ),
  { clusters: [{ host: 'ratings.two.svc.cluster.local' }] },
);
route(
  'a dotted destination is not expanded',
  shop +
    vs(
      'r',
      '{hosts: [reviews], http: [{route: [{destination: {host: ratings.two}}]}]}',
    ),
  { clusters: [{ host: 'ratings.two', exists: false }] },
);
const literal =
  shop +
  subsets +
  vs('r', `{hosts: [reviews.default], http: [{route: [${dest('v2')}]}]}`);
route(
  'a dotted VirtualService host still matches literally',
  literal,
  to(['v2', 100]),
  { host: 'reviews.default' },
);
route(
  'a dotted VirtualService host misses the full name',
  literal,
  to(['', 100]),
  { host: reviews },
);
route(
  'defaultVirtualServiceExportTo',
  shop +
    subsets +
    vs('r', `{hosts: [${reviews}], http: [{route: [${dest('v2')}]}]}`, {
      ns: 'two',
    }),
  to(['', 100]),
  { meshConfig: "defaultVirtualServiceExportTo: ['.']" },
);
