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
import packageJson from '../package.json';
import type { AuditService } from './audit/auditService';
import {
  AuditServices,
  createAuditServices,
} from './audit/createAuditServices';
import { createChangeService } from './changes/createChangeService';
import { GitHubSink } from './changes/sinks/GitHubSink';
import { GitLabSink } from './changes/sinks/GitLabSink';
import { FreezeCalendar } from './changes/FreezeCalendar';
import type { ApprovalService, ChangeService } from './changes/types';
import { ImpersonationResolver } from './clusters/ImpersonationResolver';
import type { IstioConfig } from './config';
import {
  type ClusterAdapters,
  createClusterAdapters,
} from './createClusterAdapters';
import { createMeshServices } from './createMeshServices';
import { DirectoryComponents } from './drift/DirectoryComponents';
import { EntityFeed } from './mesh/EntityFeed';
import type { ComponentChanges, MeshService } from './mesh/types';
import type { WorkloadDirectory } from './mesh/WorkloadDirectory';
import { Guardrails } from './policies/Guardrails';
import type { PortOverrides } from './registerPorts';

export interface ServicesOptions {
  config: IstioConfig;
  overrides: PortOverrides;
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  database: DatabaseService;
  logger: LoggerService;
  notifications: Pick<NotificationService, 'send'>;
  permissions: PermissionsService;
  userInfo: UserInfoService;
}

/** What the routers serve. */
export interface Services {
  mesh: MeshService;
  changes: ChangeService;
  approvals: ApprovalService;
  audit: AuditService;
  /** Everything that makes a page worth asking for again. */
  feeds: ComponentChanges[];
  start(): void;
  stop(): Promise<void>;
}

/** What the configuration says about which changes may go out, when, and with whose approval. */
function createRules({ config, overrides, logger }: ServicesOptions) {
  return {
    guardrails: Guardrails.create({
      settings: config.guardrails,
      policies: overrides.policies,
      logger,
    }),
    approvals: config.approvals,
    freezes: FreezeCalendar.create(config.freezeWindows),
  };
}

/** Git hosts of the configuration's sources. */
function createGit({ config, overrides }: ServicesOptions) {
  const { integrations, ...git } = config.git;
  return {
    ...git,
    sinks: [
      ...overrides.sinks,
      GitHubSink.create({ integrations }),
      GitLabSink.create({ integrations }),
    ],
    portalUrl: config.portalUrl,
  };
}

/** Of the reading side, made after the changes that ask it. */
interface Owners {
  directory?: WorkloadDirectory;
  components?: DirectoryComponents;
}

/** Puts both sides of the plugin together; nothing runs before `start()`. */
export async function createServices(
  options: ServicesOptions,
): Promise<Services> {
  const { config, overrides, logger, ...core } = options;
  const { version } = packageJson;
  const given = { config, overrides, version, logger };
  const adapters = await createClusterAdapters(given);
  const { reader, writer, telemetry } = adapters;
  const actingUsers =
    overrides.actingUsers ??
    ImpersonationResolver.create({ config: config.impersonation, ...core });
  const ports = { reader, writer, telemetry, actingUsers };
  const records = new EntityFeed();
  // Each side needs the other: the record names owners, the pages show the record.
  const owners: Owners = {};
  const changes = await createChangeService({
    ...core,
    ...ports,
    logger,
    ownership: config.ownership,
    ...createRules(options),
    git: createGit(options),
    drift: createDriftOptions(config, () => owners.components),
    findWorkloadOwner: async workload => owners.directory?.ownerOf(workload),
    onChanged: entityRefs => records.announce(entityRefs),
  });
  const audit = await createAudit(options, adapters);
  const mesh = createMeshServices({
    ...core,
    ...ports,
    config,
    logger,
    certificates: adapters.certificates,
    proxyStatus: adapters.proxyStatus,
    history: changes.history,
  });
  owners.directory = mesh.directory;
  owners.components = new DirectoryComponents(mesh);
  return {
    mesh: mesh.service,
    changes: changes.service,
    approvals: changes.approvals,
    audit: audit.service,
    feeds: [mesh.directory, records],
    start: () => {
      adapters.start();
      mesh.directory.start();
      mesh.index.start();
      changes.start();
      audit.keeper.start();
    },
    stop: async () => {
      mesh.index.stop();
      mesh.directory.stop();
      adapters.stop();
      await changes.stop();
      await audit.keeper.stop();
    },
  };
}

/** Which components an object concerns is known once the reading side stands. */
function createDriftOptions(
  { drift }: IstioConfig,
  components: () => DirectoryComponents | undefined,
) {
  return {
    settings: drift,
    components: {
      isReady: () => components()?.isReady() ?? false,
      of: (...object: Parameters<DirectoryComponents['of']>) =>
        components()?.of(...object) ?? { all: [] },
    },
  };
}

function createAudit(
  { config, overrides, ...core }: ServicesOptions,
  { clientFor }: ClusterAdapters,
): Promise<AuditServices> {
  return createAuditServices({
    ...core,
    clientFor,
    config: config.audit,
    anchors: overrides.anchors,
  });
}
