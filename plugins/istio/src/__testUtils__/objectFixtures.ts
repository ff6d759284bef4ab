import type { ObjectView } from '@istio-backstage/plugin-istio-common';
import { at } from './clusterFixtures';

/** The VirtualService of the payments fixtures, as the API gives it. */
export const paymentsRouteView: ObjectView = {
  cluster: 'prod-eu',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'payments', namespace: 'payments' },
    spec: {
      hosts: ['payments'],
      http: [
        { route: [{ destination: { host: 'payments', subset: 'v1' } }] },
        { route: [{ destination: { host: 'payments', subset: 'v2' } }] },
      ],
    },
  },
  partial: false,
  createdAt: at(86_400 * 3),
  managedBy: [
    {
      who: 'Argo CD application shop',
      from: 'label argocd.argoproj.io/instance',
    },
    { who: 'kubectl-edit', from: 'managed fields', at: at(660) },
  ],
  entityRefs: ['component:default/payments'],
  asOf: at(4),
  state: 'fresh',
};
