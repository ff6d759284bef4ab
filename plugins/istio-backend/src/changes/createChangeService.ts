import { randomUUID } from 'node:crypto';
import type {
  AuditorService,
  AuthService,
  DatabaseService,
  LoggerService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NamespaceBinding } from '@istio-backstage/plugin-istio-common';
import type {
  ActingUserResolver,
  MeshReader,
  MeshWriter,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import type { Guardrails } from '../policies/Guardrails';
import { DatabaseAuditLog } from '../audit/DatabaseAuditLog';
import { AuditedChangeService } from './AuditedChangeService';
import { AuthorizedChangeService } from './AuthorizedChangeService';
import { ChangeApplier } from './ChangeApplier';
import { ChangeDrafter } from './ChangeDrafter';
import { ChangePreflight } from './ChangePreflight';
import { ChangeRecovery } from './ChangeRecovery';
import { ChangeSettler } from './ChangeSettler';
import { ChangeVerifier } from './ChangeVerifier';
import { ChangeWatcher } from './ChangeWatcher';
import { ComponentLookup } from './ComponentLookup';
import { DatabaseChangeHistory } from './DatabaseChangeHistory';
import { DatabaseChangeStore } from './DatabaseChangeStore';
import { DefaultChangeService } from './DefaultChangeService';
import { LiveSnapshots } from './LiveSnapshots';
import { migrateDatabase } from './migrateDatabase';
import type { ChangeHistory, ChangeService } from './types';
import { WorkloadOwners, type FindWorkloadOwner } from './WorkloadOwners';

/** Times and counts, all with defaults. */
export interface ChangeServiceTimes {
  /** How often traffic is compared. Default 5. */
  verifySeconds?: number;
  /** After which time a change that traffic does not show is closed as not verifiable. Default 600. */
  giveUpSeconds?: number;
  /** What proxies get to take over new routes. Default 5. */
  settleSeconds?: number;
  /** Requests needed for a comparison. Default 50. */
  minimumRequests?: number;
  /** How often changes of dead processes are looked for. Default 60. */
  recoverSeconds?: number;
  /** After which time without a sign of life a process counts as dead. Default 60. */
  leaseSeconds?: number;
  /** For how long after its sending a request may take effect. Default 30. */
  inFlightSeconds?: number;
}

/** Everything changes need from the plugin. */
export interface CreateChangeServiceOptions {
  database: DatabaseService;
  logger: LoggerService;
  auditor: AuditorService;
  auth: AuthService;
  userInfo: UserInfoService;
  permissions: PermissionsService;
  catalog: CatalogService;
  reader: MeshReader;
  writer: MeshWriter;
  telemetry: TelemetryProvider;
  actingUsers: ActingUserResolver;
  ownership: NamespaceBinding;
  guardrails: Guardrails;
  /** Names component and team of affected callers; without it they stay workloads. */
  findWorkloadOwner?: FindWorkloadOwner;
  /** Told which entities' changes moved, for the event stream. */
  onChanged?: (entityRefs: string[]) => void;
  times?: ChangeServiceTimes;
}

/** What the plugin gets. */
export interface CreatedChangeService {
  /** Authorised and audited: for routers and actions. */
  service: ChangeService;
  /** Not authorised: for views that have authorised the entity. */
  history: ChangeHistory;
  /** Starts following changes and recovering those of dead processes. */
  start(): void;
  stop(): Promise<void>;
}

const DEFAULT_TIMES: Required<ChangeServiceTimes> = {
  verifySeconds: 5,
  giveUpSeconds: 600,
  settleSeconds: 5,
  minimumRequests: 50,
  recoverSeconds: 60,
  leaseSeconds: 60,
  inFlightSeconds: 30,
};

/** What several of the parts share. */
interface Shared {
  store: DatabaseChangeStore;
  auditLog: DatabaseAuditLog;
  components: ComponentLookup;
  snapshots: LiveSnapshots;
  /** Name of this process in leases. */
  owner: string;
  times: Required<ChangeServiceTimes>;
}

/** Puts the parts of changes together; migrates the database first. */
export async function createChangeService(
  options: CreateChangeServiceOptions,
): Promise<CreatedChangeService> {
  const { reader, writer, catalog, auth, userInfo, logger } = options;
  const knex = await migrateDatabase(options.database);
  const auditLog = DatabaseAuditLog.create({ knex });
  const store = DatabaseChangeStore.create({ knex, auditLog });
  const shared: Shared = {
    store,
    auditLog,
    components: ComponentLookup.create({
      catalog,
      auth,
      reader,
      ownership: options.ownership,
    }),
    snapshots: LiveSnapshots.create({ reader, writer }),
    owner: randomUUID(),
    times: { ...DEFAULT_TIMES, ...options.times },
  };
  const settler = ChangeSettler.create({ store, onChanged: options.onChanged });
  const watcher = createWatcher(options, shared, settler);
  settler.onApplied(change => watcher.await(change));
  const authorized = AuthorizedChangeService.create({
    service: createCore(options, shared, settler),
    store,
    catalog,
    permissions: options.permissions,
  });
  return {
    service: AuditedChangeService.create({
      service: authorized,
      store,
      auditLog,
      auditor: options.auditor,
      userInfo,
      logger,
    }),
    history: DatabaseChangeHistory.create({ knex }),
    start: () => watcher.start(),
    stop: () => watcher.stop(),
  };
}

function createCore(
  options: CreateChangeServiceOptions,
  { store, auditLog, components, snapshots, owner, times }: Shared,
  settler: ChangeSettler,
): DefaultChangeService {
  const { reader, writer, telemetry, logger, userInfo, actingUsers } = options;
  const { leaseSeconds } = times;
  return DefaultChangeService.create({
    store,
    auditLog,
    reader,
    settler,
    logger,
    userInfo,
    owner,
    leaseSeconds,
    now: Date.now,
    preflight: ChangePreflight.create({ writer }),
    applier: ChangeApplier.create({
      store,
      writer,
      logger,
      owner,
      leaseSeconds,
    }),
    drafter: ChangeDrafter.create({
      components,
      snapshots,
      reader,
      telemetry,
      actingUsers,
      userInfo,
      guardrails: options.guardrails,
      owners: WorkloadOwners.create({
        userInfo,
        findOwner: options.findWorkloadOwner,
      }),
    }),
  });
}

function createWatcher(
  options: CreateChangeServiceOptions,
  { store, components, snapshots, owner, times }: Shared,
  settler: ChangeSettler,
): ChangeWatcher {
  const { reader, writer, telemetry, logger } = options;
  return ChangeWatcher.create({
    store,
    reader,
    settler,
    logger,
    owner,
    verifySeconds: times.verifySeconds,
    recoverSeconds: times.recoverSeconds,
    verifier: ChangeVerifier.create({
      components,
      snapshots,
      reader,
      telemetry,
      giveUpSeconds: times.giveUpSeconds,
      settleSeconds: times.settleSeconds,
      minimumRequests: times.minimumRequests,
    }),
    recovery: ChangeRecovery.create({
      store,
      writer,
      logger,
      owner,
      leaseSeconds: times.leaseSeconds,
      settleSeconds: times.inFlightSeconds,
    }),
  });
}
