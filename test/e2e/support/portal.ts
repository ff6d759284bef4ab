/** Ports of their own: the journeys run beside a portal that somebody has open. */
export const PORTAL_PORT = 17207;
export const SANDBOX_PORT = 18711;
export const PORTAL = `http://127.0.0.1:${PORTAL_PORT}`;

const CLUSTER_PORTS: Record<string, number> = {
  'prod-eu': SANDBOX_PORT,
  'prod-us': SANDBOX_PORT + 1,
  staging: SANDBOX_PORT + 2,
};

/** Address of one cluster of the sandbox. */
export function clusterUrl(cluster: string): string {
  const port = CLUSTER_PORTS[cluster];
  if (!port) {
    throw new Error(`No cluster ${cluster} in the sandbox`);
  }
  return `http://127.0.0.1:${port}`;
}
