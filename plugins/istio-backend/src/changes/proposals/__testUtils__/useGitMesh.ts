import { startGitHost, type RunningGitHost } from '@istio-backstage/sandbox';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { waitFor } from '../../../clusters/testing/waitFor';
import type { SandboxMesh } from '../../__testUtils__/SandboxMesh';
import { useMesh } from '../../__testUtils__/useMesh';
import type { GitSource } from '../types';
import { sinkOf } from './sinkOf';

export const REPO = 'acme/shop-config';
export const TOKEN = 'canary-token-4711';
export const PATH = 'catalog/reviews.yaml';

const TRACKING_ID = 'argocd.argoproj.io/tracking-id';

/** The route of the mesh as somebody wrote it: hosts and weights as in the cluster, comments beside them. */
function fileOf(route: KubeObject): string {
  return `# Routes of reviews
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews # one per service
spec: ${JSON.stringify(route.spec, undefined, 2)}
`;
}

function adopt(mesh: SandboxMesh, application = 'shop'): void {
  const route = structuredClone(mesh.route('prod-eu')!);
  route.metadata.annotations = {
    ...route.metadata.annotations,
    [TRACKING_ID]: `${application}:networking.istio.io/VirtualService:catalog/reviews`,
  };
  mesh.cluster('prod-eu').store.apply(route);
}

/** Argo CD applies what the branch says. */
export function sync(mesh: SandboxMesh, weights: number[]): Promise<void> {
  return mesh.editElsewhere('prod-eu', weights);
}

/** A mesh whose route of reviews Argo CD applies from a repository, and a host of it. */
export function useGitMesh() {
  const open = useMesh();
  const hosts: RunningGitHost[] = [];
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map(host => host.close()));
  });

  return async function prepare(source: Partial<GitSource> = {}) {
    const world = await open();
    const { mesh, harness } = world;
    adopt(mesh);
    await waitFor(async () => {
      const seen = mesh.reader
        .snapshot('prod-eu')
        ?.get('VirtualService', 'catalog', 'reviews');
      expect(seen?.metadata.annotations).toHaveProperty([TRACKING_ID]);
    });
    const host = await startGitHost({
      repositories: {
        [REPO]: { [PATH]: fileOf(mesh.route('prod-eu')!), 'README.md': 'x' },
      },
      port: 0,
      token: TOKEN,
    });
    hosts.push(host);
    await harness.stop();
    harness.git = {
      portalUrl: 'https://portal.example',
      pollSeconds: 0.1,
      sources: [
        {
          name: 'shop',
          argocdApplications: ['shop'],
          repository: `${host.url}/${REPO}`,
          branch: 'main',
          paths: ['catalog/**'],
          namespace: 'catalog',
          ...source,
        },
      ],
      sinks: [sinkOf(host, TOKEN)],
    };
    await harness.open({ verifySeconds: 0.2 });
    return { ...world, host, repository: host.repositories.get(REPO)! };
  };
}
