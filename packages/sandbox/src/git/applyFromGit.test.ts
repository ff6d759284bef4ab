import { startSandbox, type RunningSandbox } from '../startSandbox';
import { applyFromGit } from './applyFromGit';
import { GitRepository } from './GitRepository';
import { readGitOps } from './readGitOps';

const PATH = 'staging/checkout.yaml';

describe('the repositories of the demo', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['staging'] });
  });
  afterAll(() => sandbox.close());

  const specOf = () =>
    sandbox.clusters[0].cluster.kubernetes.store.get(
      'virtualservices.networking.istio.io',
      { namespace: 'storefront', name: 'checkout' },
    );

  it('say what the cluster has, and what is merged gets there as Argo CD would bring it', async () => {
    const files = readGitOps()['shop/shop-config'];
    const repository = new GitRepository(files, Date.now);
    const before = specOf()?.metadata.resourceVersion;
    await applyFromGit(repository, sandbox.clusters);
    expect(specOf()?.metadata.resourceVersion).toBe(before);

    repository.push('main', PATH, files[PATH].replace('12s', '14s'));
    await applyFromGit(repository, sandbox.clusters);
    expect(specOf()).toMatchObject({
      metadata: {
        annotations: {
          'argocd.argoproj.io/tracking-id':
            expect.stringContaining('storefront-staging'),
        },
      },
      spec: { http: [{ timeout: '14s' }] },
    });
  });
});
