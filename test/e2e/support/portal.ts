/** A portal with a sandbox behind it, on ports of its own. */
export interface PortalPorts {
  portal: number;
  /** The first of three, one per cluster. */
  sandbox: number;
}

/** Another run of the journeys at the same time takes ports that far away. */
const OFFSET = Number(process.env.E2E_PORT_OFFSET ?? 0);

/**
 * Ports of the portal that the worker of this number drives. They lie apart from the usual ones: the
 * journeys run beside a portal that somebody has open.
 */
export function portsOf(worker: number): PortalPorts {
  const offset = OFFSET + worker * 10;
  return { portal: 17207 + offset, sandbox: 18711 + offset };
}

/** Playwright numbers its workers from 0, and outside of them there is none. */
const OWN = portsOf(Number(process.env.TEST_PARALLEL_INDEX ?? 0));
export const PORTAL = `http://127.0.0.1:${OWN.portal}`;

const CLUSTER_PORTS: Record<string, number> = {
  'prod-eu': OWN.sandbox,
  'prod-us': OWN.sandbox + 1,
  staging: OWN.sandbox + 2,
};

/** Address of one cluster of the sandbox. */
export function clusterUrl(cluster: string): string {
  const port = CLUSTER_PORTS[cluster];
  if (!port) {
    throw new Error(`No cluster ${cluster} in the sandbox`);
  }
  return `http://127.0.0.1:${port}`;
}
