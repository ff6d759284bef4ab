import type {
  AuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  ActingUserResolver,
  CertificateReader,
  MeshReader,
  MeshWriter,
  ProxyStatusReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import type { ChangeHistory } from './changes/types';
import type { IstioConfig } from './config';
import { ClusterAnalyses } from './findings/ClusterAnalyses';
import { FindingReader } from './findings/FindingReader';
import { ObjectReader } from './objects/ObjectReader';
import { AccessReader } from './mesh/AccessReader';
import { AuthorizedMeshService } from './mesh/AuthorizedMeshService';
import { CatalogReader } from './mesh/CatalogReader';
import { ClusterStatuses } from './mesh/ClusterStatuses';
import { ComponentResolver } from './mesh/ComponentResolver';
import { ComponentTraffic } from './mesh/ComponentTraffic';
import { ComponentTable } from './mesh/ComponentTable';
import { ConcernedComponents } from './mesh/ConcernedComponents';
import { DefaultMeshService } from './mesh/DefaultMeshService';
import { EntityIndex } from './mesh/EntityIndex';
import { GatewayCertificates } from './mesh/GatewayCertificates';
import { ProxyStatuses } from './mesh/ProxyStatuses';
import type { MeshService } from './mesh/types';
import { TrafficRuleReader } from './mesh/TrafficRuleReader';
import { WorkloadDirectory } from './mesh/WorkloadDirectory';
import { EvidenceTraffic } from './security/EvidenceTraffic';
import { PostureReader } from './security/PostureReader';
import { SecurityReader } from './security/SecurityReader';

export interface MeshServicesOptions {
  config: IstioConfig;
  reader: MeshReader;
  writer: MeshWriter;
  telemetry: TelemetryProvider;
  certificates: CertificateReader;
  proxyStatus: ProxyStatusReader;
  actingUsers: ActingUserResolver;
  history: ChangeHistory;
  catalog: CatalogService;
  auth: AuthService;
  permissions: PermissionsService;
  logger: LoggerService;
}

export interface MeshServices {
  /** Behind the permissions. */
  service: MeshService;
  index: EntityIndex;
  directory: WorkloadDirectory;
  /** Not authorised. */
  concerned: ConcernedComponents;
}

/** Puts the reading side together. Nothing runs before `index.start()` and `directory.start()`. */
export function createMeshServices(options: MeshServicesOptions): MeshServices {
  const { config, reader, telemetry, history, catalog, auth, logger } = options;
  const index = createIndex({ catalog, auth, logger });
  const directory = WorkloadDirectory.create({
    index,
    reader,
    binding: config.ownership,
    onError: error =>
      logger.error('Changes of the mesh could not be taken in', toError(error)),
  });
  const concerned = new ConcernedComponents(directory);
  const statuses = new ClusterStatuses({ reader, telemetry });
  const thresholds = config.health;
  const inner = DefaultMeshService.create({
    catalog: CatalogReader.create({
      catalog,
      index,
      permissions: options.permissions,
    }),
    resolver: new ComponentResolver({
      reader,
      statuses,
      binding: config.ownership,
      thresholds,
    }),
    traffic: new ComponentTraffic({ telemetry, statuses }),
    table: new ComponentTable({
      index,
      directory,
      reader,
      telemetry,
      statuses,
      thresholds,
      history,
    }),
    directory,
    statuses,
    telemetry,
    proxyStatuses: new ProxyStatuses({ reader: options.proxyStatus, statuses }),
    access: new AccessReader({
      auth,
      permissions: options.permissions,
      actingUsers: options.actingUsers,
      writer: options.writer,
      statuses,
    }),
    ...createObjectReaders({ ...options, statuses, concerned, index }),
    ...createSecurity({ reader, telemetry, statuses, directory }),
    history,
  });
  return {
    service: AuthorizedMeshService.create({
      inner,
      permissions: options.permissions,
    }),
    index,
    directory,
    concerned,
  };
}

/** What answers by the objects alone: about one of them, the findings on them, and what they say of traffic. */
function createObjectReaders(
  options: Pick<
    MeshServicesOptions,
    'config' | 'reader' | 'telemetry' | 'certificates'
  > & {
    statuses: ClusterStatuses;
    concerned: ConcernedComponents;
    index: EntityIndex;
  },
): {
  findings: FindingReader;
  objects: ObjectReader;
  trafficRules: TrafficRuleReader;
} {
  const { config, reader, telemetry, statuses, concerned, index } = options;
  const certificates = new GatewayCertificates({
    reader: options.certificates,
    days: config.certificates,
    isCurrent: cluster => statuses.isCurrent(cluster),
  });
  return {
    findings: new FindingReader({
      analyses: new ClusterAnalyses({
        reader,
        telemetry,
        certificates,
        isCurrent: cluster => statuses.isCurrent(cluster),
      }),
      statuses,
      concerned,
      ownerOf: entityRef => index.all().get(entityRef)?.ownerRef,
    }),
    objects: new ObjectReader({ reader, statuses, concerned }),
    trafficRules: new TrafficRuleReader({ statuses, certificates }),
  };
}

function createSecurity(options: {
  reader: MeshReader;
  telemetry: TelemetryProvider;
  statuses: ClusterStatuses;
  directory: WorkloadDirectory;
}): { security: SecurityReader; posture: PostureReader } {
  // One store of evidence: what a component’s page asked for the mesh’s page has too.
  const evidence = new EvidenceTraffic(options);
  const { directory } = options;
  return {
    security: new SecurityReader({ evidence, directory }),
    posture: new PostureReader({ ...options, evidence }),
  };
}

function createIndex(
  options: Pick<MeshServicesOptions, 'catalog' | 'auth' | 'logger'>,
): EntityIndex {
  const { catalog, auth, logger } = options;
  return EntityIndex.create({
    catalog,
    auth,
    onError: (error, hasData) => {
      // While the portal starts the catalog may answer later than this plugin asks.
      const message = `The catalog could not be read: ${
        toError(error).message
      }`;
      if (hasData) logger.warn(message);
      else logger.debug(message);
    },
  });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
