import type { Step } from '../types';
import {
  get,
  MERGE,
  patch,
  post,
  remove,
  split,
  virtualService,
  VIRTUAL_SERVICES as N,
} from './fixtures';

function query(text: string): string {
  return `${N}?${text}`;
}

const seeds: Step[] = ['l1', 'l2', 'l3'].map(name => ({
  ...post(
    'seed',
    N,
    virtualService(name, split(80), {
      labels: { app: name, odd: name === 'l2' ? 'no' : 'yes' },
    }),
  ),
  silent: true,
}));

const pages: Step[] = [
  get('first page', query('limit=2'), {
    capture: { next: 'metadata.continue' },
  }),
  patch(
    'a change between the pages',
    `${N}/l3`,
    { metadata: { labels: { late: '1' } } },
    MERGE,
  ),
  get('second page', query('limit=2&continue=$next'), { view: 'names' }),
  get(
    'second page does not show the change',
    query('limit=2&continue=$next&labelSelector=late'),
    { view: 'names' },
  ),
  get('continue that is none', query('continue=xx')),
  get(
    'continue with a version',
    query('limit=1&continue=$next&resourceVersion=5'),
  ),
];

const selectors: Step[] = [
  'odd=yes',
  'odd!=yes',
  'odd in (no,yes),app notin (l1)',
  '!odd',
  'odd',
  'app=l1,odd=no',
  'app==l1',
  'a=',
  '=',
  'x y',
].map(text =>
  get(
    `label selector ${text}`,
    query(`labelSelector=${encodeURIComponent(text)}`),
    { view: 'names' },
  ),
);

const fieldSelectors: Step[] = [
  'metadata.name=l1',
  'metadata.name!=l1',
  'metadata.namespace=conformance',
  'spec.hosts=x',
  'metadata.name=l1,metadata.namespace=x',
].map(text =>
  get(
    `field selector ${text}`,
    query(`fieldSelector=${encodeURIComponent(text)}`),
    { view: 'names' },
  ),
);

const versions: Step[] = [
  'resourceVersion=0',
  'resourceVersion=0&resourceVersionMatch=NotOlderThan',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersionMatch=Exact',
  'resourceVersion=99999999',
  'resourceVersion=x',
  'resourceVersion=1&resourceVersionMatch=Foo',
  'resourceVersion=1&resourceVersionMatch=Exact',
  'limit=-1',
  'limit=x',
].map(text => get(`list ${text}`, query(text), { view: 'names' }));

function watch(text: string): Step {
  return get(`watch ${text}`, query(`watch=1&timeoutSeconds=1&${text}`), {
    view: 'events',
  });
}

const watches: Step[] = [
  watch(''),
  watch('resourceVersion=0'),
  watch('resourceVersion=1'),
  watch('sendInitialEvents=true'),
  watch(
    'allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
  ),
  watch('resourceVersion=x'),
  watch('resourceVersionMatch=Exact'),
  watch('fieldSelector=metadata.name%3Dl1'),
  watch('labelSelector=odd%3Dno'),
];

const history: Step[] = [
  get('version before the changes', N, {
    capture: { rv: 'metadata.resourceVersion' },
    silent: true,
  }),
  {
    ...patch(
      'change',
      `${N}/l2`,
      { metadata: { labels: { odd: 'yes' } } },
      MERGE,
    ),
    silent: true,
  },
  { ...remove('change', `${N}/l1`), silent: true },
  {
    ...post(
      'change',
      N,
      virtualService('l4', split(80), { labels: { odd: 'no' } }),
    ),
    silent: true,
  },
  ...[
    '',
    '&labelSelector=odd%3Dyes',
    '&labelSelector=odd%3Dno',
    '&fieldSelector=metadata.name%3Dl1',
  ].map(text => watch(`resourceVersion=$rv${text}`)),
  ...[
    '&resourceVersionMatch=Exact',
    '&resourceVersionMatch=NotOlderThan',
    '&limit=10',
    '',
  ].map(text =>
    get(`list at a version${text}`, query(`resourceVersion=$rv${text}`), {
      view: 'names',
    }),
  ),
  { ...remove('delete some', query('labelSelector=odd%3Dno')), view: 'names' },
  { ...remove('delete all', N), view: 'names' },
];

/** Lists, pages, selectors, versions, watches. */
export const READS: Step[] = [
  ...seeds,
  ...pages,
  ...selectors,
  ...fieldSelectors,
  ...versions,
  ...watches,
  ...history,
];
