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
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { NamespaceBinding } from '@istio-backstage/plugin-istio-common';
import type {
  ActingUserResolver,
  MeshReader,
  MeshWriter,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { createDrift } from '../drift/createDrift';
import type { DriftSettings, ObjectComponents } from '../drift/types';
import type { Guardrails } from '../policies/Guardrails';
import { DatabaseAuditLog } from '../audit/DatabaseAuditLog';
import { Adoption } from './Adoption';
import { ApprovalDesk } from './ApprovalDesk';
import { ApprovalQueue } from './ApprovalQueue';
import { ApproverDirectory } from './ApproverDirectory';
import { AuditedApprovalService } from './AuditedApprovalService';
import { AuditedChangeService } from './AuditedChangeService';
import { AuthorizedApprovalService } from './AuthorizedApprovalService';
import { AuthorizedChangeService } from './AuthorizedChangeService';
import { ChangeApplier } from './ChangeApplier';
import { ChangeDrafter } from './ChangeDrafter';
import { ChangeExpirer } from './ChangeExpirer';
import { PortalChangeNotifier, type ChangeNotifier } from './ChangeNotifier';
import { ChangePreflight } from './ChangePreflight';
import { ChangePresenter } from './ChangePresenter';
import { ChangeRecovery } from './ChangeRecovery';
import { ChangeRepair } from './ChangeRepair';
import { DEFAULT_TIMES, type ChangeServiceTimes } from './changeServiceTimes';
import { ChangeSettler } from './ChangeSettler';
import { ChangeStarter } from './ChangeStarter';
import { ChangeTimers } from './ChangeTimers';
import { ChangeVerifier } from './ChangeVerifier';
import { ChangeWatcher } from './ChangeWatcher';
import { ComponentLookup } from './ComponentLookup';
import { DatabaseChangeHistory } from './DatabaseChangeHistory';
import { DatabaseChangeStore } from './DatabaseChangeStore';
import { DefaultApprovalService } from './DefaultApprovalService';
import { DefaultChangeService } from './DefaultChangeService';
import { FreezeCalendar } from './FreezeCalendar';
import { EmergencyReview } from './EmergencyReview';
import { EntityGate } from './EntityGate';
import { LiveSnapshots } from './LiveSnapshots';
import { migrateDatabase } from './migrateDatabase';
import {
  createFollower,
  createProposals,
  type GitOptions,
} from './proposals/createProposals';
import type { ApprovalService, ChangeHistory, ChangeService } from './types';
import { WorkloadOwners, type FindWorkloadOwner } from './WorkloadOwners';

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
  /** Who may approve whatever a guardrail asks for, and how long a change waits for it. */
  approvals?: {
    approvers: readonly string[];
    waitHours: number;
    reviewHours: number;
  };
  /** Git sources of objects, and the hosts they are at. */
  git?: GitOptions;
  /** When nothing but ways back is sent. */
  freezes?: FreezeCalendar;
  /** Of the portal's notifications plugin. */
  notifications: Pick<NotificationService, 'send'>;
  /** Names component and team of affected callers; without it they stay workloads. */
  findWorkloadOwner?: FindWorkloadOwner;
  /** Without it changes that the portal did not make are not looked for. */
  drift?: { settings: DriftSettings; components: ObjectComponents };
  /** Told which entities' changes moved, for the event stream. */
  onChanged?: (entityRefs: string[]) => void;
  times?: ChangeServiceTimes;
}

/** What the plugin gets. */
export interface CreatedChangeService {
  /** Authorised and audited: for routers and actions. */
  service: ChangeService;
  /** The same for what people decide about changes that wait. */
  approvals: ApprovalService;
  /** Not authorised: for views that have authorised the entity. */
  history: ChangeHistory;
  /** Starts following changes and recovering those of dead processes. */
  start(): void;
  stop(): Promise<void>;
}

/** What several of the parts share. */
interface Shared extends ReturnType<typeof createProposals> {
  store: DatabaseChangeStore;
  auditLog: DatabaseAuditLog;
  components: ComponentLookup;
  snapshots: LiveSnapshots;
  settler: ChangeSettler;
  starter: ChangeStarter;
  preflight: ChangePreflight;
  presenter: ChangePresenter;
  notifier: ChangeNotifier;
  gate: EntityGate;
  approvers: readonly string[];
  freezes: FreezeCalendar;
  /** Name of this process in leases. */
  owner: string;
  times: Required<ChangeServiceTimes>;
}

/** Puts the parts of changes together; migrates the database first. */
export async function createChangeService(
  options: CreateChangeServiceOptions,
): Promise<CreatedChangeService> {
  const knex = await migrateDatabase(options.database);
  const shared = createShared(options, knex);
  const { settler, store, starter, times } = shared;
  const watcher = createWatcher(options, shared);
  settler.onApplied(change => watcher.await(change));
  const follower = createFollower(options, shared);
  const drift =
    options.drift &&
    createDrift({ ...options, ...shared, ...options.drift, knex });
  const timers = ChangeTimers.create({
    store,
    starter,
    expirer: ChangeExpirer.create({
      ...shared,
      leaseSeconds: times.leaseSeconds,
      now: Date.now,
    }),
    logger: options.logger,
    everySeconds: times.timerSeconds,
  });
  return {
    service: createChanges(options, shared),
    approvals: createApprovals(options, shared),
    history: DatabaseChangeHistory.create({ knex }),
    start: () => {
      watcher.start();
      timers.start();
      follower.start();
      drift?.start();
    },
    stop: async () => {
      await drift?.stop();
      await timers.stop();
      await follower.stop();
      await watcher.stop();
    },
  };
}

function createShared(options: CreateChangeServiceOptions, knex: Knex): Shared {
  const { reader, writer, catalog, auth, logger, permissions } = options;
  const auditLog = DatabaseAuditLog.create({ knex });
  const store = DatabaseChangeStore.create({ knex, auditLog });
  const times = { ...DEFAULT_TIMES, ...options.times };
  const { leaseSeconds } = times;
  const owner = randomUUID();
  const settler = ChangeSettler.create({ store, onChanged: options.onChanged });
  const preflight = ChangePreflight.create({ writer });
  const approvers = options.approvals?.approvers ?? [];
  const freezes = options.freezes ?? FreezeCalendar.create([]);
  return {
    store,
    ...createProposals(options, { store, settler, owner, leaseSeconds }),
    auditLog,
    settler,
    preflight,
    owner,
    times,
    approvers,
    freezes,
    starter: ChangeStarter.create({
      store,
      freezes,
      preflight,
      settler,
      logger,
      owner,
      leaseSeconds,
      policyVersion: () => options.guardrails.version,
      now: Date.now,
      applier: ChangeApplier.create({
        store,
        writer,
        logger,
        owner,
        leaseSeconds,
      }),
    }),
    presenter: ChangePresenter.create({ auditLog, reader }),
    notifier: PortalChangeNotifier.create({
      notifications: options.notifications,
      approvers,
      logger,
    }),
    gate: EntityGate.create({ store, catalog, permissions }),
    components: ComponentLookup.create({
      catalog,
      auth,
      reader,
      ownership: options.ownership,
    }),
    snapshots: LiveSnapshots.create({ reader, writer }),
  };
}

function createChanges(
  options: CreateChangeServiceOptions,
  shared: Shared,
): ChangeService {
  const { auditor, userInfo, logger } = options;
  const { store, auditLog, gate } = shared;
  return AuditedChangeService.create({
    store,
    auditLog,
    auditor,
    userInfo,
    logger,
    service: AuthorizedChangeService.create({
      gate,
      service: createCore(options, shared),
    }),
  });
}

function createApprovals(
  options: CreateChangeServiceOptions,
  shared: Shared,
): ApprovalService {
  const { auditor, logger, writer } = options;
  const { store, auditLog, gate } = shared;
  return AuditedApprovalService.create({
    store,
    auditLog,
    auditor,
    logger,
    service: AuthorizedApprovalService.create({
      gate,
      service: DefaultApprovalService.create({
        ...shared,
        writer,
        repair: ChangeRepair.create({
          ...shared,
          leaseSeconds: shared.times.leaseSeconds,
          now: Date.now,
        }),
        ...createQueue(options, shared),
        adoption: Adoption.create({ ...shared, now: Date.now }),
        now: Date.now,
      }),
    }),
  });
}

function createQueue(
  { userInfo, actingUsers, reader }: CreateChangeServiceOptions,
  shared: Shared,
) {
  const directory = ApproverDirectory.create({ userInfo, actingUsers });
  return {
    directory,
    queue: ApprovalQueue.create({ ...shared, directory, reader }),
    emergencies: EmergencyReview.create({
      ...shared,
      directory,
      now: Date.now,
    }),
  };
}

function createCore(
  options: CreateChangeServiceOptions,
  shared: Shared,
): DefaultChangeService {
  const { reader, telemetry, logger, userInfo, actingUsers } = options;
  const { store, notifier, components, snapshots, owner, times } = shared;
  return DefaultChangeService.create({
    store,
    logger,
    userInfo,
    owner,
    leaseSeconds: times.leaseSeconds,
    reviewSeconds: (options.approvals?.reviewHours ?? 24) * 3600,
    now: Date.now,
    freezes: shared.freezes,
    starter: shared.starter,
    proposals: shared.proposals,
    presenter: shared.presenter,
    preflight: shared.preflight,
    desk: ApprovalDesk.create({
      store,
      notifier,
      policyVersion: () => options.guardrails.version,
      waitSeconds: (options.approvals?.waitHours ?? 72) * 3600,
      now: Date.now,
    }),
    drafter: ChangeDrafter.create({
      components,
      snapshots,
      reader,
      telemetry,
      actingUsers,
      userInfo,
      guardrails: options.guardrails,
      proposals: shared.drafter,
      owners: WorkloadOwners.create({
        userInfo,
        findOwner: options.findWorkloadOwner,
      }),
    }),
  });
}

function createWatcher(
  options: CreateChangeServiceOptions,
  { store, settler, components, snapshots, owner, times }: Shared,
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
