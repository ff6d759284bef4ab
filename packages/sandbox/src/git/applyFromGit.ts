import { loadAll } from 'js-yaml';
import type { RunningCluster } from '../startSandbox';
import type { GitRepository } from './GitRepository';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: object };
  spec?: unknown;
}

/**
 * Does what Argo CD does after a merge: brings the objects of each cluster to what the branch says. The
 * first folder of a file names its cluster; what stands elsewhere is not applied.
 */
export async function applyFromGit(
  repository: GitRepository,
  clusters: readonly RunningCluster[],
): Promise<void> {
  for (const [path, text] of repository.files('main')) {
    const cluster = clusters.find(({ name }) => path.startsWith(`${name}/`));
    if (!cluster || !/\.ya?ml$/.test(path)) continue;
    for (const manifest of loadAll(text)) {
      if (manifest) await apply(manifest as Manifest, cluster);
    }
  }
}

async function apply(
  { apiVersion, kind, metadata, spec }: Manifest,
  cluster: RunningCluster,
): Promise<void> {
  const path = `/apis/${apiVersion}/namespaces/${
    metadata.namespace
  }/${kind.toLowerCase()}s/${metadata.name}`;
  const headers = {
    authorization: 'Bearer sandbox-admin',
    'content-type': 'application/json',
  };
  const answer = await fetch(`${cluster.url}${path}`, { headers });
  const live = await answer.json();
  const isThere = answer.status === 200;
  const body = isThere
    ? { ...live, spec, metadata: { ...live.metadata, labels: metadata.labels } }
    : { apiVersion, kind, metadata, spec };
  if (isThere && JSON.stringify(live.spec) === JSON.stringify(spec)) return;
  const address = isThere ? path : path.slice(0, path.lastIndexOf('/'));
  const written = await fetch(
    `${cluster.url}${address}?fieldManager=argocd-controller`,
    { method: isThere ? 'PUT' : 'POST', headers, body: JSON.stringify(body) },
  );
  if (!written.ok) {
    throw new Error(
      `${kind} ${metadata.name} in ${cluster.name}: ${await written.text()}`,
    );
  }
}
