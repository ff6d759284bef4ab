import type { Knex } from 'knex';
import { waitFor } from '../../clusters/testing/waitFor';
import type { ChangeHarness } from '../../changes/__testUtils__/ChangeHarness';
import type { SandboxMesh } from '../../changes/__testUtils__/SandboxMesh';

/** Until a portal has seen everything as it is. */
export async function begun(knex: Knex) {
  await waitFor(async () => {
    const rows = await knex('observed_kind').whereNotNull('since');
    // Every kind that the sandbox serves; the last one is begun last.
    expect(rows.map(({ kind }) => kind)).toContain('KubernetesGateway');
  });
}

/** Changes that components have and the portal did not make. */
export async function outside(harness: ChangeHarness) {
  const { items } = await harness.service.list(
    { limit: 100, origin: 'outside' },
    harness.as('mira.kovac'),
  );
  return items.filter(({ entityRef }) => entityRef.startsWith('component:'));
}

/** Everything that the watches show is compared; the marker concerns no component. */
export async function quiet(harness: ChangeHarness, mesh: SandboxMesh) {
  const marker = `marker-${mesh.cluster('prod-eu').store.resourceVersion()}`;
  mesh.cluster('prod-eu').store.apply({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: marker, namespace: 'catalog' },
    spec: {
      gatewayClassName: 'istio',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    },
  });
  // Its kind is compared after all others.
  await waitFor(async () => {
    const entries = await harness.auditLog.list({ limit: 1000 });
    expect(JSON.stringify(entries)).toContain(marker);
  });
}
