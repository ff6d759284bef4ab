import { mockServices } from '@backstage/backend-test-utils';
import { createNoteSigner } from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { exampleEntry } from '../../changes/__testUtils__/exampleChange';
import { AnchorDelivery } from '../AnchorDelivery';
import { AuditCheckpointer } from '../AuditCheckpointer';
import { AuditKeys } from '../AuditKeys';
import { DatabaseAuditLog } from '../DatabaseAuditLog';

export const ORIGIN = 'portal.example.com/istio-audit';

export const signerOf = (byte: number) =>
  createNoteSigner({ name: ORIGIN, seed: new Uint8Array(32).fill(byte) });

/** A log with checkpoints, as the plugin puts it together, over a migrated database. */
export function openLog(
  knex: Knex,
  options: {
    key?: number;
    previousKey?: number;
    acceptsNew?: boolean;
    anchors?: AuditAnchor[];
  } = { key: 1 },
) {
  const { key, previousKey, acceptsNew = false, anchors = [] } = options;
  const log = DatabaseAuditLog.create({ knex });
  const checkpointer = AuditCheckpointer.create({
    knex,
    origin: ORIGIN,
    anchors: anchors.map(({ name }) => name),
    keys: AuditKeys.create({
      knex,
      auditLog: log,
      keys: {
        current: key === undefined ? undefined : signerOf(key),
        previous: previousKey === undefined ? undefined : signerOf(previousKey),
        acceptsNew,
      },
    }),
  });
  return {
    log,
    checkpointer,
    delivery: AnchorDelivery.create({
      knex,
      auditLog: log,
      anchors,
      logger: mockServices.logger.mock(),
    }),
    append: (count: number) =>
      log.append(Array.from({ length: count }, () => exampleEntry(ulid()))),
  };
}
