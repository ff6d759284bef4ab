import { collectFacts } from './fact';
import { dated, dest, dr, http, reviews, shop, v1, vs, two } from './worlds';

const { facts, route } = collectFacts();

/** Which DestinationRule defines a subset. */
export const destinationRuleFacts = facts;

const rootDr = dr(
  'root',
  `{host: ${reviews}, subsets: [{name: v1, labels: {version: v1}}]}`,
  { ns: 'istio-system' },
);
route(
  'DestinationRule of the root namespace',
  shop + rootDr + http(`{route: [${v1}]}`),
  { clusters: [{ exists: true }] },
);
route(
  'no inheritance from the root namespace',
  shop +
    rootDr +
    dr('own', '{host: reviews, subsets: [{name: v2, labels: {version: v2}}]}') +
    http(`{route: [${v1}]}`),
  { clusters: [{ exists: false }] },
);
route(
  'two DestinationRules of a host merge subsets',
  shop +
    dr('a', '{host: reviews, subsets: [{name: v1, labels: {version: v1}}]}') +
    dr('b', '{host: reviews, subsets: [{name: v2, labels: {version: v2}}]}') +
    http(
      '{route: [{destination: {host: reviews, subset: v1}, weight: 1}, {destination: {host: reviews, subset: v2}, weight: 1}]}',
    ),
  { clusters: [{ exists: true }, { exists: true }] },
);
route(
  'the older DestinationRule wins a subset name',
  shop +
    dated(
      'DestinationRule',
      'b',
      2024,
      '{host: reviews, subsets: [{name: s, labels: {version: v1}}]}',
    ) +
    dated(
      'DestinationRule',
      'a',
      2025,
      '{host: reviews, subsets: [{name: s, labels: {version: v2}}]}',
    ) +
    http(`{route: [${dest('s')}]}`),
  { clusters: [{ endpoints: ['10.1.0.1:8080'] }] },
);
route(
  'DestinationRule exportTo .',
  shop +
    dr(
      'own',
      "{host: reviews, exportTo: ['.'], subsets: [{name: v1, labels: {version: v1}}]}",
    ) +
    vs('r', `{hosts: [${reviews}], http: [{route: [${dest('v1')}]}]}`),
  { clusters: [{ exists: false }] },
  two,
);
route(
  'DestinationRule wildcard host',
  shop +
    dr(
      'w',
      "{host: '*.default.svc.cluster.local', subsets: [{name: v1, labels: {version: v1}}]}",
    ) +
    http(`{route: [${v1}]}`),
  { clusters: [{ exists: true }] },
);
