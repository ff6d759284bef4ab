import { collectFacts, to } from './fact';
import { dest, shop, subsets, v1, vs } from './worlds';

const { facts, route } = collectFacts();

/** A VirtualService that hands over to another. */
export const delegateFacts = facts;

const delegate =
  shop +
  subsets +
  vs(
    'root',
    `{hosts: [reviews], http: [{name: shop, match: [{uri: {prefix: /shop}}], delegate: {name: leaf, namespace: two}}, {name: rest, route: [${v1}]}]}`,
  );
const leaf = (first: string) =>
  `{${first}http: [{name: cart, match: [{uri: {prefix: /shop/cart}}], route: [{destination: {host: reviews.default.svc.cluster.local, subset: v2}}]}]}`;
route(
  'delegate',
  delegate + vs('leaf', leaf(''), { ns: 'two' }),
  { ...to(['v2', 100]), route: 'shop-cart' },
  { path: '/shop/cart/1' },
);
route(
  'delegate has no matching rule',
  delegate + vs('leaf', leaf(''), { ns: 'two' }),
  { ...to(['v1', 100]), route: 'rest' },
  { path: '/shop/help' },
);
route(
  'delegate that is not exported is dropped',
  delegate + vs('leaf', leaf("exportTo: ['.'], "), { ns: 'two' }),
  { ...to(['v1', 100]), route: 'rest' },
  { path: '/shop/cart/1' },
);
const timedRoot =
  shop +
  subsets +
  vs(
    'root',
    '{hosts: [reviews], http: [{timeout: 3s, match: [{uri: {prefix: /shop}}], delegate: {name: leaf, namespace: two}}]}',
  );
route(
  "the root's timeout fills the delegate's gap",
  timedRoot + vs('leaf', `{http: [{route: [${dest('v2')}]}]}`, { ns: 'two' }),
  { timeout: '3s' },
  { path: '/shop/x' },
);
route(
  "the delegate's own timeout wins",
  timedRoot +
    vs('leaf', `{http: [{timeout: 1s, route: [${dest('v2')}]}]}`, {
      ns: 'two',
    }),
  { timeout: '1s' },
  { path: '/shop/x' },
);
route(
  'a delegate rule that conflicts with the root match is dropped',
  delegate +
    vs(
      'leaf',
      `{http: [{match: [{uri: {prefix: /other}}], route: [${dest('v2')}]}]}`,
      { ns: 'two' },
    ),
  { ...to(['v1', 100]), route: 'rest' },
  { path: '/shop/x' },
);
route(
  'a missing delegate drops its rule',
  delegate,
  { ...to(['v1', 100]), route: 'rest' },
  { path: '/shop/x' },
);
