import type {
  AuditorService,
  DatabaseService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  createNoteSigner,
  NoteSigner,
} from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { AnchorDelivery } from './AnchorDelivery';
import type { KubeClient } from '../clusters/types';
import { ConfigMapAnchor } from './anchors/ConfigMapAnchor';
import { FileAnchor } from './anchors/FileAnchor';
import { HttpAnchor } from './anchors/HttpAnchor';
import { AuditCheckpointer } from './AuditCheckpointer';
import { AuditedAuditService } from './AuditedAuditService';
import { AuditExporter } from './AuditExporter';
import { AuditKeeper } from './AuditKeeper';
import { AuditKeys } from './AuditKeys';
import { AuditRetention, RetentionConfig } from './AuditRetention';
import { AuditSearch } from './AuditSearch';
import type { AuditService } from './auditService';
import { AuthorizedAuditService } from './AuthorizedAuditService';
import { DatabaseAuditLog } from './DatabaseAuditLog';
import { DefaultAuditService } from './DefaultAuditService';
import { AuditForwarder } from './forward/AuditForwarder';
import { createReceivers, ReceiverConfig } from './forward/createReceivers';
import { LegalHold } from './LegalHold';
import { PackMaker } from './PackMaker';

/** `istio.audit`, keys as their seeds. */
export interface AuditConfig {
  origin: string;
  signingKey?: Uint8Array;
  previousSigningKey?: Uint8Array;
  acceptNewKey: boolean;
  /** Why nothing may be taken out of the log. */
  legalHold?: string;
  retention?: RetentionConfig;
  anchors: {
    name: string;
    file?: { path: string };
    http?: { url: string; readUrl?: string; headers: Record<string, string> };
    configMap?: { cluster: string; namespace: string; name: string };
  }[];
  /** Other systems that get every entry. */
  forward: ReceiverConfig[];
}

/** What the plugin gets. */
export interface AuditServices {
  /** Authorised and recorded: for routers. */
  service: AuditService;
  /** Checkpoints and their delivery. */
  keeper: AuditKeeper;
}

/** Puts the parts of the audit log together; the database is migrated. */
export async function createAuditServices(options: {
  config: AuditConfig;
  /** Of the clusters that keep checkpoints. */
  clientFor: (cluster: string) => Pick<KubeClient, 'request'>;
  /** Of modules. */
  anchors: readonly AuditAnchor[];
  database: DatabaseService;
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  permissions: PermissionsService;
  auditor: AuditorService;
  logger: LoggerService;
}): Promise<AuditServices> {
  const { config, logger } = options;
  const knex = await options.database.getClient();
  const anchors = createAnchors(config, {
    ofModules: options.anchors,
    clientFor: options.clientFor,
  });
  if (!config.signingKey) {
    logger.warn(
      'istio.audit.signingKey is not set: checkpoints of the audit log are not signed, and prove nothing against someone who can write to the database',
    );
  }
  const parts = createParts({ config, knex, anchors });
  return {
    keeper: AuditKeeper.create({
      ...parts,
      logger,
      legalHold: config.legalHold,
      retention:
        config.retention &&
        AuditRetention.create({ ...parts, config: config.retention }),
      delivery: AnchorDelivery.create({ ...parts, anchors, logger }),
      forwarder: AuditForwarder.create({
        knex,
        logger,
        receivers: createReceivers(config.forward),
      }),
    }),
    // Outside of the permissions: what was refused, and what was really shown, is what is recorded.
    service: AuditedAuditService.create({
      auditLog: parts.auditLog,
      auditor: options.auditor,
      logger,
      service: AuthorizedAuditService.create({
        catalog: options.catalog,
        permissions: options.permissions,
        service: DefaultAuditService.create({
          ...parts,
          anchors,
          search: AuditSearch.create({ knex }),
        }),
      }),
    }),
  };
}

/** What both sides share. */
function createParts(options: {
  config: AuditConfig;
  knex: Knex;
  anchors: readonly AuditAnchor[];
}) {
  const { config, knex, anchors } = options;
  const auditLog = DatabaseAuditLog.create({ knex });
  const current = signerOf(config.origin, config.signingKey);
  const previous = signerOf(config.origin, config.previousSigningKey);
  const checkpointer = AuditCheckpointer.create({
    knex,
    origin: config.origin,
    anchors: anchors.map(({ name }) => name),
    keys: AuditKeys.create({
      knex,
      auditLog,
      keys: { current, previous, acceptsNew: config.acceptNewKey },
    }),
  });
  const key = current?.verifierKey;
  const exporter = AuditExporter.create({ knex, checkpointer, key });
  return {
    knex,
    auditLog,
    checkpointer,
    exporter,
    packs: PackMaker.create({ exporter, signer: current }),
    hold: LegalHold.create({ knex, auditLog }),
    keys: key === undefined ? [] : [key],
  };
}

function signerOf(
  name: string,
  seed: Uint8Array | undefined,
): NoteSigner | undefined {
  return seed && createNoteSigner({ name, seed });
}

type ClientFor = Parameters<typeof createAuditServices>[0]['clientFor'];

function createAnchors(
  config: AuditConfig,
  {
    ofModules,
    clientFor,
  }: { ofModules: readonly AuditAnchor[]; clientFor: ClientFor },
): AuditAnchor[] {
  const anchors = [
    ...config.anchors.map(anchor => createAnchor(anchor, clientFor)),
    ...ofModules,
  ];
  const names = anchors.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(
      `istio.audit.anchors: '${twice}' is the name of a module's anchor too`,
    );
  }
  return anchors;
}

function createAnchor(
  { name, file, http, configMap }: AuditConfig['anchors'][number],
  clientFor: ClientFor,
): AuditAnchor {
  if (file) return FileAnchor.create({ name, ...file });
  if (http) return HttpAnchor.create({ name, ...http });
  if (configMap) {
    return ConfigMapAnchor.create({
      name,
      client: clientFor(configMap.cluster),
      namespace: configMap.namespace,
      configMap: configMap.name,
    });
  }
  throw new Error(`The audit anchor '${name}' has no kind`);
}
