import type { LoggerService } from '@backstage/backend-plugin-api';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { DatabaseAuditLog } from '../../../../plugins/istio-backend/src/audit/DatabaseAuditLog';
import { ChangeApplier } from '../../../../plugins/istio-backend/src/changes/ChangeApplier';
import { ChangePreflight } from '../../../../plugins/istio-backend/src/changes/ChangePreflight';
import { ChangeRecovery } from '../../../../plugins/istio-backend/src/changes/ChangeRecovery';
import { ChangeSettler } from '../../../../plugins/istio-backend/src/changes/ChangeSettler';
import { ChangeStarter } from '../../../../plugins/istio-backend/src/changes/ChangeStarter';
import { DatabaseChangeStore } from '../../../../plugins/istio-backend/src/changes/DatabaseChangeStore';
import type { ChangeStore } from '../../../../plugins/istio-backend/src/changes/types';
import { FreezeCalendar } from '../../../../plugins/istio-backend/src/changes/FreezeCalendar';
import { ClusterRegistry } from '../../../../plugins/istio-backend/src/clusters/ClusterRegistry';
import { KubernetesMeshWriter } from '../../../../plugins/istio-backend/src/clusters/KubernetesMeshWriter';

/** Of failures that are meant. */
export const SILENT: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => SILENT,
};

/** Name of the one cluster of the matrix. */
export const CLUSTER = 'prod-eu';

/** Writes to one API server over HTTP, as the plugin does. */
export async function createWriter(
  apiServer: string,
  token = 'portal-token',
  // None of the faults is a server that keeps silent.
  timeoutMs = 60_000,
): Promise<MeshWriter> {
  const registry = await ClusterRegistry.create({
    supplier: {
      listClusters: async () => [{ name: CLUSTER, url: apiServer, token }],
    },
    settings: [],
  });
  return KubernetesMeshWriter.create({
    clients: registry.clients(),
    version: '0.0.0-crash',
    timeoutMs,
  });
}

/** The parts of the pipeline as the plugin puts them together, on one store and one way to the clusters. */
export function createParts(options: {
  store: ChangeStore;
  writer: MeshWriter;
  owner: string;
  /** How long after its sending a request may still take effect. */
  settleSeconds: number;
  now: () => number;
  leaseSeconds?: number;
  elapsed?: () => number;
  wait?: (milliseconds: number) => Promise<void>;
}) {
  const { store, writer, owner, settleSeconds, now, elapsed, wait } = options;
  const { leaseSeconds = 60 } = options;
  const shared = { store, writer, logger: SILENT, owner, leaseSeconds };
  const settler = ChangeSettler.create({ store });
  return {
    settler,
    starter: ChangeStarter.create({
      ...shared,
      preflight: ChangePreflight.create({ writer }),
      applier: ChangeApplier.create({ ...shared, elapsed, wait }),
      settler,
      freezes: FreezeCalendar.create([]),
      policyVersion: () => '1',
      now,
    }),
    recovery: ChangeRecovery.create({ ...shared, settleSeconds }),
  };
}

export function createStore(knex: Knex): DatabaseChangeStore {
  return DatabaseChangeStore.create({
    knex,
    auditLog: createAuditLog(knex),
  });
}

export function createAuditLog(knex: Knex): DatabaseAuditLog {
  return DatabaseAuditLog.create({ knex });
}
