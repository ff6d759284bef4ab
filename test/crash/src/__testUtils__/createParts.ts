import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { DatabaseAuditLog } from '../../../../plugins/istio-backend/src/audit/DatabaseAuditLog';
import { ChangeApplier } from '../../../../plugins/istio-backend/src/changes/ChangeApplier';
import { ChangePreflight } from '../../../../plugins/istio-backend/src/changes/ChangePreflight';
import { ChangeRecovery } from '../../../../plugins/istio-backend/src/changes/ChangeRecovery';
import { ChangeSettler } from '../../../../plugins/istio-backend/src/changes/ChangeSettler';
import { ChangeStarter } from '../../../../plugins/istio-backend/src/changes/ChangeStarter';
import { DatabaseChangeStore } from '../../../../plugins/istio-backend/src/changes/DatabaseChangeStore';
import { FreezeCalendar } from '../../../../plugins/istio-backend/src/changes/FreezeCalendar';
import { ClusterRegistry } from '../../../../plugins/istio-backend/src/clusters/ClusterRegistry';
import { KubernetesMeshWriter } from '../../../../plugins/istio-backend/src/clusters/KubernetesMeshWriter';

const SILENT: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => SILENT,
};

/** Name of the one cluster of the matrix. */
export const CLUSTER = 'prod-eu';

/** The parts of the pipeline as the plugin puts them together, on one database and one API server. */
export async function createParts(options: {
  knex: Knex;
  apiServer: string;
  owner: string;
}) {
  const { knex, apiServer, owner } = options;
  const registry = await ClusterRegistry.create({
    supplier: {
      listClusters: async () => [
        { name: CLUSTER, url: apiServer, token: 'portal-token' },
      ],
    },
    settings: [],
  });
  const writer = KubernetesMeshWriter.create({
    clients: registry.clients(),
    version: '0.0.0-crash',
    timeoutMs: 5_000,
  });
  const auditLog = DatabaseAuditLog.create({ knex });
  const store = DatabaseChangeStore.create({ knex, auditLog });
  const shared = { store, writer, logger: SILENT, owner, leaseSeconds: 60 };
  return {
    store,
    auditLog,
    starter: ChangeStarter.create({
      ...shared,
      preflight: ChangePreflight.create({ writer }),
      applier: ChangeApplier.create(shared),
      settler: ChangeSettler.create({ store }),
      freezes: FreezeCalendar.create([]),
      policyVersion: () => '1',
      now: Date.now,
    }),
    recovery: ChangeRecovery.create({ ...shared, settleSeconds: 0 }),
  };
}
