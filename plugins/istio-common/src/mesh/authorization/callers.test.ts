import { kubeObject, pod, service, snapshotOf } from '../../testUtils';
import { findUnusedGrants } from './findUnusedGrants';
import { listAllowedCallers } from './listAllowedCallers';

const sidecarPod = (name: string, proxy?: 'none') =>
  pod({
    namespace: 'shop',
    name,
    labels: { app: name },
    proxy,
    spec: { serviceAccountName: name, containers: [{ name: 'app' }] },
  });
const API = { kind: 'Pod' as const, namespace: 'shop', name: 'api' };

const snapshot = snapshotOf([
  sidecarPod('api'),
  sidecarPod('web'),
  sidecarPod('job'),
  sidecarPod('old', 'none'),
  service({
    namespace: 'shop',
    name: 'api',
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
  kubeObject(
    'AuthorizationPolicy',
    { namespace: 'shop', name: 'grants' },
    {
      spec: {
        selector: { matchLabels: { app: 'api' } },
        rules: [
          {
            from: [
              {
                source: {
                  principals: [
                    'cluster.local/ns/shop/sa/web',
                    'cluster.local/ns/shop/sa/gone',
                  ],
                },
              },
            ],
          },
          {
            from: [{ source: { serviceAccounts: ['job'] } }],
            to: [{ operation: { methods: ['GET'] } }],
          },
          { from: [{ source: { namespaces: ['ops'] } }] },
        ],
      },
    },
  ),
]);

describe('listAllowedCallers', () => {
  it('says of each workload whether it may, always or with some requests', () => {
    const callers = listAllowedCallers({
      snapshot,
      to: { workload: API, port: 8080 },
    });
    expect(
      callers.map(({ workload, access, dependsOn }) => [
        workload?.name ?? 'outside',
        access,
        dependsOn,
      ]),
    ).toEqual([
      ['api', 'never', []],
      ['web', 'always', []],
      ['job', 'sometimes', ['request method']],
      ['old', 'never', []],
      ['outside', 'never', []],
    ]);
  });
});

describe('findUnusedGrants', () => {
  it('names the callers of ALLOW rules that were not seen', () => {
    const found = findUnusedGrants({
      snapshot,
      workload: API,
      observed: [
        'spiffe://cluster.local/ns/shop/sa/web',
        'cluster.local/ns/shop/sa/job',
      ],
    });
    expect(found).toEqual({
      known: true,
      grants: [
        expect.objectContaining({
          list: 'principals',
          value: 'cluster.local/ns/shop/sa/gone',
          policy: expect.objectContaining({
            fieldPath: 'spec.rules[0].from[0].source.principals',
          }),
        }),
        expect.objectContaining({ list: 'namespaces', value: 'ops' }),
      ],
    });
  });

  it('says nothing where nobody was seen', () => {
    expect(
      findUnusedGrants({ snapshot, workload: API, observed: [] }),
    ).toMatchObject({ known: false });
  });
});
