import { clusterUrl } from './portal';

export const CLUSTERS = ['prod-eu', 'prod-us', 'staging'];

async function post(
  cluster: string,
  path: string,
  body: object = {},
): Promise<void> {
  const response = await fetch(`${clusterUrl(cluster)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(
      `${path} of ${cluster}: ${response.status} ${await response.text()}`,
    );
  }
}

/** Puts every cluster's objects, traffic, faults and state back to the scenario. */
export async function resetWorld(): Promise<void> {
  for (const cluster of CLUSTERS) await post(cluster, '/sandbox/reset');
}

export function setClusterState(
  cluster: string,
  state: 'up' | 'slow' | 'dead',
): Promise<void> {
  return post(cluster, '/sandbox/state', { state });
}

/** Changes what happens in the world, in every cluster, from now on. */
export async function changeWorld(...changes: object[]): Promise<void> {
  for (const cluster of CLUSTERS)
    await post(cluster, '/sandbox/world', { changes });
}

/** An object as the cluster holds it, read as cluster administrator. */
export async function readObject(
  cluster: string,
  path: string,
): Promise<KubernetesObject> {
  const response = await fetch(`${clusterUrl(cluster)}${path}`, {
    headers: { authorization: 'Bearer sandbox-admin' },
  });
  if (!response.ok) {
    throw new Error(`${path} of ${cluster}: ${response.status}`);
  }
  return response.json();
}

/** An object as the cluster holds it; undefined when it has none of that name. */
export async function findObject(
  cluster: string,
  path: string,
): Promise<KubernetesObject | undefined> {
  return readObject(cluster, path).catch(error => {
    if (String(error).endsWith(': 404')) return undefined;
    throw error;
  });
}

/** Somebody with kubectl, past the portal. */
export async function patchObject(
  cluster: string,
  path: string,
  patch: object[],
): Promise<void> {
  const response = await fetch(
    `${clusterUrl(cluster)}${path}?fieldManager=kubectl-edit`,
    {
      method: 'PATCH',
      headers: {
        authorization: 'Bearer sandbox-admin',
        'content-type': 'application/json-patch+json',
      },
      body: JSON.stringify(patch),
    },
  );
  if (!response.ok) {
    throw new Error(
      `${path} of ${cluster}: ${response.status} ${await response.text()}`,
    );
  }
}

export interface KubernetesObject {
  metadata: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: {
    http?: { route: { weight?: number }[] }[];
    rules?: { backendRefs: { weight?: number }[] }[];
  };
}

/** Who may edit routing in the namespace catalog. */
export const CATALOG_EDITORS =
  '/apis/rbac.authorization.k8s.io/v1/namespaces/catalog/rolebindings/catalog-team-routing';
export const REVIEWS =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/reviews';
export const PAYMENTS =
  '/apis/networking.istio.io/v1/namespaces/payments/virtualservices/payments';
export const CATALOG =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/catalog';
export const RECOMMENDATIONS =
  '/apis/gateway.networking.k8s.io/v1/namespaces/catalog/httproutes/recommendations';
export const INVENTORY_ROUTE =
  '/apis/networking.istio.io/v1/namespaces/catalog/virtualservices/inventory';
export const INVENTORY_RULE =
  '/apis/networking.istio.io/v1/namespaces/catalog/destinationrules/inventory';
