import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  MeshReader,
  MeshWriter,
} from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import type { TransactionalAuditLog } from '../audit/types';
import type { ChangeStarter } from '../changes/ChangeStarter';
import type { ChangeStore } from '../changes/types';
import { ClusterDrift } from './ClusterDrift';
import { DatabaseDriftStore } from './DatabaseDriftStore';
import { DriftWatcher } from './DriftWatcher';
import type { DriftSettings, ObjectComponents, ProposedChanges } from './types';
import { WaitingChanges } from './WaitingChanges';

/** How long records wait for the components to be read. */
const COMPONENTS_WAIT_MS = 300_000;
const PRUNE_SECONDS = 3600;

/** Puts together what sees changes that the portal did not make; undefined where it is switched off. */
export function createDrift(options: {
  settings: DriftSettings;
  components: ObjectComponents;
  causes: ProposedChanges;
  knex: Knex;
  auditLog: TransactionalAuditLog;
  store: ChangeStore;
  starter: ChangeStarter;
  reader: MeshReader;
  writer: MeshWriter;
  logger: LoggerService;
  onChanged?: (entityRefs: string[]) => void;
  /** How often what waits for a write of the portal is looked at again. Default 1. */
  againSeconds?: number;
}): DriftWatcher | undefined {
  const { settings, reader, logger, againSeconds = 1 } = options;
  if (!settings.enabled) return undefined;
  const store = DatabaseDriftStore.create(options);
  const waiting = WaitingChanges.create(options);
  const componentsUntil = Date.now() + COMPONENTS_WAIT_MS;
  return DriftWatcher.create({
    reader,
    logger,
    againSeconds,
    pruneSeconds: PRUNE_SECONDS,
    prune: () => store.prune(settings),
    clusterOf: cluster =>
      new ClusterDrift({
        ...options,
        cluster,
        store,
        componentsUntil,
        now: Date.now,
        onMoved: async ({ seen, recorded }) => {
          await waiting.objectsMoved(seen);
          const refs = recorded.flatMap(({ change, alsoConcerns }) => [
            change.entityRef,
            ...alsoConcerns,
          ]);
          if (refs.length > 0) options.onChanged?.([...new Set(refs)]);
        },
      }),
  });
}
