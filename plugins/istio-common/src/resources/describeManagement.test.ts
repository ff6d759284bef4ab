import { describeManagement } from './describeManagement';
import type { ObjectMeta } from './types';

const describeMeta = (metadata: Partial<ObjectMeta>) =>
  describeManagement({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'reviews', ...metadata },
  });

describe('describeManagement', () => {
  it('names the tool that left its mark', () => {
    expect(
      describeMeta({
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'shop',
          'app.kubernetes.io/managed-by': 'Helm',
        },
        annotations: {
          'argocd.argoproj.io/tracking-id':
            'shop:networking.istio.io/VirtualService:catalog/reviews',
          'meta.helm.sh/release-name': 'shop',
          'istio-portal.dev/changed-by': 'user:default/mira.kovac',
        },
      }).map(({ who }) => who),
    ).toEqual([
      'Argo CD application shop',
      'Flux Kustomization shop',
      'Helm release shop',
      'Helm',
      'This portal for user:default/mira.kovac',
    ]);
  });

  it('names the owner, and who wrote last', () => {
    expect(
      describeMeta({
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Gateway',
            name: 'edge',
            uid: '1',
            controller: true,
          },
        ],
        managedFields: [
          { manager: 'kubectl-edit', time: '2026-07-01T10:00:00Z' },
          { manager: 'argocd', time: '2026-07-02T10:00:00Z' },
          { manager: 'kubectl-edit', time: '2026-07-03T10:00:00Z' },
          {
            manager: 'istiod',
            time: '2026-07-04T10:00:00Z',
            subresource: 'status',
          },
          { manager: 'unknown' },
        ],
      }),
    ).toEqual([
      { who: 'Gateway edge', from: 'owner reference' },
      {
        who: 'kubectl-edit',
        from: 'managed fields',
        at: '2026-07-03T10:00:00.000Z',
      },
      { who: 'argocd', from: 'managed fields', at: '2026-07-02T10:00:00.000Z' },
      { who: 'unknown', from: 'managed fields' },
    ]);
  });

  it('says nothing where the object says nothing', () => {
    expect(describeMeta({})).toEqual([]);
  });
});
