/** Another run of the journeys at the same time takes ports that far away. */
const OFFSET = Number(process.env.E2E_PORT_OFFSET ?? 0);

/** Ports of their own: the journeys run beside a portal that somebody has open. */
export const PORTAL_PORT = 17207 + OFFSET;
export const SANDBOX_PORT = 18711 + OFFSET;
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
