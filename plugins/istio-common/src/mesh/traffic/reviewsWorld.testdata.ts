import { matchWorkloads } from '../../entity/matchWorkloads';
import { EntityMatch } from '../../entity/types';
import { KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import {
  deployment,
  kubeObject,
  namespace,
  pod,
  service,
} from '../../testUtils';

/** reviews in catalog with three versions (4, 2 and 1 pods), and an ingress gateway. */
export function reviewsWorld(
  options: { backends?: boolean } = {},
): KubeObject[] {
  return [
    namespace({ name: 'catalog', injected: true }),
    service({ namespace: 'catalog', name: 'reviews' }),
    ...(options.backends
      ? ['v1', 'v2'].map(version =>
          service({
            namespace: 'catalog',
            name: `reviews-${version}`,
            selector: { app: 'reviews', version },
          }),
        )
      : []),
    ...[4, 2, 1].flatMap((replicas, index) =>
      deployment({
        namespace: 'catalog',
        name: `reviews-v${index + 1}`,
        labels: { app: 'reviews', version: `v${index + 1}` },
        replicas,
      }),
    ),
    pod({ namespace: 'catalog', name: 'unrelated', labels: { app: 'other' } }),
    ...deployment({
      namespace: 'istio-ingress',
      name: 'gateway',
      proxy: 'gateway',
    }),
  ];
}

export function routingObject(
  given: {
    kind: KindName;
    name?: string;
    created?: string;
    spec: Record<string, unknown>;
  },
  index: number,
): KubeObject {
  const [ns, name] = (given.name ?? 'catalog/reviews').split('/');
  return kubeObject(
    given.kind,
    {
      namespace: ns,
      name,
      creationTimestamp: `${
        given.created ?? `2026-03-0${index + 1}`
      }T00:00:00Z`,
    },
    { spec: given.spec },
  );
}

export function matchReviews(snapshots: readonly MeshSnapshot[]): EntityMatch {
  return matchWorkloads({
    claim: {
      entityRef: 'component:default/reviews',
      clusters: [],
      selector: { app: 'reviews' },
      selectorFrom: 'backstage.io/kubernetes-label-selector',
      services: [],
    },
    snapshots,
    binding: { bindAll: true, namespaces: {} },
  });
}
