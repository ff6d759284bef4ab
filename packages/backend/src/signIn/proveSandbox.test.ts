import { ConfigReader } from '@backstage/config';
import { proveSandbox } from './proveSandbox';

const world = (options: {
  mode?: string;
  urls?: string[];
  istio?: object[];
  methods?: object[];
}) =>
  new ConfigReader({
    app: { signIn: { mode: options.mode ?? 'sandbox' } },
    kubernetes: {
      clusterLocatorMethods: options.methods ?? [
        {
          type: 'config',
          clusters: (options.urls ?? ['http://127.0.0.1:8601']).map(
            (url, index) => ({ name: `c${index}`, url }),
          ),
        },
      ],
    },
    istio: { clusters: options.istio ?? [] },
  });

describe('proveSandbox', () => {
  it('holds when every cluster is on this machine', async () => {
    const proof = await proveSandbox(
      world({
        urls: [
          'http://127.0.0.1:8601',
          'http://localhost:8602',
          'http://[::1]:3',
        ],
      }),
    );
    expect(proof).toEqual({ sandbox: true });
  });

  it.each([
    ['another mode', { mode: 'local' }, /mode is not/],
    [
      'a cluster elsewhere',
      { urls: ['http://127.0.0.1:8601', 'https://k8s.example'] },
      /not on this machine/,
    ],
    [
      'a host that only looks local',
      { urls: ['https://127.0.0.1.example'] },
      /not on this machine/,
    ],
    ['a broken address', { urls: ['nonsense'] }, /not on this machine/],
    [
      'a kubeconfig',
      { istio: [{ name: 'prod', kubeconfig: { file: '/f' } }] },
      /prod comes from a kubeconfig/,
    ],
    ['no cluster', { methods: [] }, /no cluster/],
    [
      'clusters of the catalog',
      { methods: [{ type: 'catalog' }] },
      /not on this machine/,
    ],
  ])('refuses %s', async (_, options, reason) => {
    expect(await proveSandbox(world(options))).toEqual({
      sandbox: false,
      reason: expect.stringMatching(reason),
    });
  });
});
