import type { MeshSnapshot } from '@istio-backstage/plugin-istio-common';

/**
 * Istio's version from the image tag of istiod's container (`discovery` in Deployments labelled
 * `app=istiod` in the root namespace). With several revisions: all of them, newest first, comma separated.
 */
export function readIstioVersion(snapshot: MeshSnapshot): string | undefined {
  const versions = new Set<string>();
  for (const deployment of snapshot.inNamespace(
    'Deployment',
    snapshot.rootNamespace,
  )) {
    if (deployment.metadata.labels?.app !== 'istiod') continue;
    const template = deployment.spec?.template as
      | { spec?: { containers?: { name?: string; image?: string }[] } }
      | undefined;
    const containers = template?.spec?.containers ?? [];
    const image =
      containers.find(one => one.name === 'discovery')?.image ??
      containers[0]?.image;
    const tag = image?.match(/:([^:/@]+)(@|$)/)?.[1];
    if (tag) versions.add(tag.replace(/-(distroless|debug)$/, ''));
  }
  const sorted = [...versions].sort((a, b) =>
    b.localeCompare(a, 'en', { numeric: true }),
  );
  return sorted.length > 0 ? sorted.join(', ') : undefined;
}
