import type { Step } from '../types';
import {
  APPLY,
  get,
  MERGE,
  patch,
  post,
  remove,
  split,
  STRATEGIC,
  virtualService,
  VIRTUAL_SERVICES as N,
  NAMESPACE,
} from './fixtures';

const A = `${N}/applied`;
const NEW = `${N}/new`;

function route(weight: number) {
  return { http: split(weight).http };
}

const ownership: Step[] = [
  post('created by hand', `${N}?fieldManager=hand`, virtualService('applied')),
  patch(
    'apply without a manager',
    A,
    virtualService('applied', route(10)),
    APPLY,
  ),
  patch(
    'apply meets another owner',
    `${A}?fieldManager=argo`,
    virtualService('applied', route(10)),
    APPLY,
  ),
  patch(
    'apply meets another owner twice',
    `${A}?fieldManager=argo`,
    virtualService('applied', { ...route(10), hosts: ['x'] }),
    APPLY,
  ),
  patch(
    'apply by force',
    `${A}?fieldManager=argo&force=true`,
    virtualService('applied', route(10), { labels: { own: 'argo' } }),
    APPLY,
  ),
  patch(
    'apply the same again',
    `${A}?fieldManager=argo`,
    virtualService('applied', route(10), { labels: { own: 'argo' } }),
    APPLY,
  ),
  patch(
    'apply leaves a label out',
    `${A}?fieldManager=argo`,
    virtualService('applied', route(10)),
    APPLY,
  ),
  patch(
    'a second manager applies the same',
    `${A}?fieldManager=flux`,
    virtualService('applied', route(10)),
    APPLY,
  ),
  patch(
    'the first leaves the route',
    `${A}?fieldManager=argo`,
    virtualService('applied', {}, { annotations: { k: 'v' } }),
    APPLY,
  ),
  patch(
    'the second leaves the route',
    `${A}?fieldManager=flux`,
    virtualService('applied', {}),
    APPLY,
  ),
  patch(
    'apply of another version',
    `${A}?fieldManager=m`,
    { ...virtualService('applied'), apiVersion: 'networking.istio.io/v1beta1' },
    APPLY,
  ),
  patch(
    'apply through an older version',
    `${A.replace('/v1/', '/v1beta1/')}?fieldManager=old`,
    {
      ...virtualService('applied', {}, { labels: { o: '1' } }),
      apiVersion: 'networking.istio.io/v1beta1',
    },
    APPLY,
  ),
];

const creation: Step[] = [
  patch(
    'apply creates',
    `${NEW}?fieldManager=argo`,
    virtualService('new', split(80), { labels: { q: '1' } }),
    APPLY,
  ),
  patch(
    'apply creates from YAML, dry',
    `${N}/yaml?fieldManager=argo&dryRun=All`,
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: yaml}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}\n',
    APPLY,
  ),
  patch(
    'somebody changes an applied field',
    `${NEW}?fieldManager=hand`,
    { spec: { hosts: ['zzz'] } },
    MERGE,
  ),
  patch(
    'apply after somebody',
    `${NEW}?fieldManager=argo`,
    virtualService('new', split(80), { labels: { q: '2' } }),
    APPLY,
  ),
  patch(
    'apply an unknown field',
    `${NEW}?fieldManager=argo&force=true`,
    virtualService('new', { ...split(80), foo: 1 }),
    APPLY,
  ),
  patch(
    'apply with managedFields',
    `${NEW}?fieldManager=argo`,
    virtualService('new', split(80), {
      managedFields: [{ manager: 'x', operation: 'Apply', apiVersion: 'v1' }],
    }),
    APPLY,
  ),
  patch(
    'apply with a stale resourceVersion',
    `${NEW}?fieldManager=argo&force=true`,
    virtualService('new', split(80), { resourceVersion: '1' }),
    APPLY,
  ),
  patch(
    'managedFields are reset',
    NEW,
    { metadata: { managedFields: [{}] } },
    MERGE,
  ),
  patch(
    'apply after the reset',
    `${NEW}?fieldManager=argo`,
    virtualService('new', split(80), { labels: { q: '3' } }),
    APPLY,
  ),
  remove('delete', NEW),
  remove('delete the other', A),
];

const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
const D = `${DEPLOYMENTS}/d`;

function deployment(spec?: unknown, metadata = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', ...metadata },
    ...(spec ? { spec } : {}),
  };
}

function containers(...items: unknown[]) {
  return { template: { spec: { containers: items } } };
}

/** Lists with keys: a built-in kind shows them. */
const keyedLists: Step[] = [
  post(
    'create a deployment',
    DEPLOYMENTS,
    deployment(
      {
        selector: { matchLabels: { app: 'd' } },
        template: {
          metadata: { labels: { app: 'd' } },
          spec: {
            containers: [
              { name: 'c', image: 'i:1', env: [{ name: 'A', value: '1' }] },
              { name: 'side', image: 'j:1' },
            ],
          },
        },
      },
      { labels: { app: 'd' } },
    ),
    { view: 'kind' },
  ),
  patch(
    'strategic merge into a container',
    D,
    {
      spec: containers({
        name: 'c',
        image: 'i:2',
        env: [{ name: 'B', value: '2' }],
      }),
    },
    STRATEGIC,
  ),
  patch(
    'strategic merge deletes a container',
    D,
    { spec: containers({ name: 'side', $patch: 'delete' }) },
    STRATEGIC,
  ),
  patch(
    'apply meets the owner of a container',
    `${D}?fieldManager=m`,
    deployment({ replicas: 3, ...containers({ name: 'c', image: 'i:3' }) }),
    APPLY,
  ),
  patch(
    'apply adds a container',
    `${D}?fieldManager=m`,
    deployment(containers({ name: 'new', image: 'n:1' })),
    APPLY,
  ),
  patch(
    'apply leaves the container',
    `${D}?fieldManager=m`,
    deployment(undefined, { labels: { z: 'z' } }),
    APPLY,
  ),
  get('deployment', D),
  remove('delete the deployment', D),
];

/** Server-side apply and field ownership. */
export const APPLIES: Step[] = [...ownership, ...creation, ...keyedLists];
