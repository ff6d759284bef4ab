import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import {
  apiVersionOf,
  kindNameOf,
  kubernetesKindOf,
  type KindName,
} from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { deployment, service } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { concernsComponent } from './concernsComponent';
import { matchWorkloads } from './matchWorkloads';
import { objectReach } from './objectReach';

interface Case {
  name: string;
  kind: KindName;
  at: string;
  spec?: Record<string, unknown>;
  labels?: Record<string, string>;
  /** Objects that stand beside it. */
  beside?: Omit<Case, 'name' | 'concerns' | 'beside'>[];
  concerns: boolean;
}

const cases = load(
  readFileSync(join(__dirname, 'concernsComponent.cases.yaml'), 'utf8'),
) as Case[];

function toObject(one: Omit<Case, 'name' | 'concerns'>): KubeObject {
  const [first, second] = one.at.split('/');
  return {
    apiVersion: apiVersionOf(one.kind),
    kind: kubernetesKindOf(one.kind),
    metadata: {
      name: second ?? first,
      ...(second !== undefined && { namespace: first }),
      ...(one.labels && { labels: one.labels }),
    },
    ...(one.spec && { spec: one.spec }),
  };
}

/** The component is reviews of catalog; ratings stands beside it, payments elsewhere. */
const WORLD = [
  ...deployment({
    namespace: 'catalog',
    name: 'reviews-v1',
    labels: { app: 'reviews', version: 'v1' },
  }),
  service({ namespace: 'catalog', name: 'reviews' }),
  ...deployment({
    namespace: 'catalog',
    name: 'ratings-v1',
    labels: { app: 'ratings', version: 'v1' },
  }),
  service({ namespace: 'catalog', name: 'ratings' }),
  ...deployment({
    namespace: 'payments',
    name: 'payments-v1',
    labels: { app: 'payments' },
  }),
  service({ namespace: 'payments', name: 'payments' }),
];

describe('concernsComponent', () => {
  it.each(cases)('$name', ({ concerns, beside = [], ...one }) => {
    const object = toObject(one);
    const same = (other: KubeObject) =>
      kindNameOf(other) === one.kind &&
      other.metadata.name === object.metadata.name &&
      other.metadata.namespace === object.metadata.namespace;
    const snapshot = snapshotOf([
      ...WORLD.filter(other => !same(other)),
      ...beside.map(toObject),
      object,
    ]);
    const match = matchWorkloads({
      claim: {
        entityRef: 'component:default/reviews',
        namespace: 'catalog',
        clusters: [],
        selector: { app: 'reviews' },
        selectorFrom: 'a test',
        services: [],
      },
      snapshots: [snapshot],
      binding: { bindAll: true, namespaces: {} },
    });
    expect(match.services).toHaveLength(1);
    expect(concernsComponent(object, { match, snapshot })).toBe(concerns);

    // The bound by which components are found must hold every one that is concerned.
    const { everywhere, namespaces, services } = objectReach(object, snapshot);
    const isReached =
      everywhere ||
      namespaces.has('catalog') ||
      services.has('catalog/reviews');
    expect(isReached || !concerns).toBe(true);
  });
});
