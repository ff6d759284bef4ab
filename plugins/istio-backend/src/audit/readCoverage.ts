import {
  AUDIT_TABLES,
  AuditCoverage,
  parseNote,
} from '@istio-backstage/plugin-istio-common';
import type { AuditAnchor } from '@istio-backstage/plugin-istio-node';
import type { Knex } from 'knex';

const SHOWN = 10;

type Anchored = AuditCoverage['anchors'][number];

/** The last checkpoints, and what the anchors have taken of them. */
export async function readCoverage(options: {
  knex: Knex;
  anchors: readonly AuditAnchor[];
  /** Verifier key of the configured signing key. */
  key?: string;
}): Promise<AuditCoverage> {
  const { knex, anchors, key } = options;
  const head = await knex(AUDIT_TABLES.head).where('id', 1).first('seq');
  const rows: {
    number: number | string;
    size: number | string;
    root: string;
    note: string;
    recorded_at: number | string | null;
  }[] = await knex({ c: AUDIT_TABLES.checkpoint })
    .leftJoin({ e: AUDIT_TABLES.entry }, 'e.seq', 'c.size')
    .select('c.number', 'c.size', 'c.root', 'c.note', 'e.recorded_at')
    .orderBy('c.number', 'desc')
    .limit(SHOWN);
  return {
    entries: Number(head?.seq ?? 0),
    checkpoints: rows.map(row => ({
      number: Number(row.number),
      size: Number(row.size),
      root: row.root,
      isSigned: (parseNote(row.note)?.signatures.length ?? 0) > 0,
      ...(row.recorded_at === null
        ? {}
        : { coversUntil: toIso(row.recorded_at) }),
    })),
    anchors: await Promise.all(
      anchors.map(anchor => readDelivery(knex, anchor)),
    ),
    ...(key === undefined ? {} : { key }),
  };
}

async function readDelivery(
  knex: Knex,
  anchor: AuditAnchor,
): Promise<Anchored> {
  const { name } = anchor;
  const rows = () => knex({ d: AUDIT_TABLES.delivery }).where('d.anchor', name);
  const taken = await rows()
    .whereNotNull('d.delivered_at')
    .join({ c: AUDIT_TABLES.checkpoint }, 'c.number', 'd.number')
    .orderBy('d.number', 'desc')
    .first('d.number', 'd.delivered_at', 'c.size');
  const failed = await rows()
    .whereNull('d.delivered_at')
    .whereNotNull('d.error')
    .orderBy('d.number')
    .first('d.error', 'd.attempts', 'd.next_at');
  return {
    name,
    isReadable: anchor.read !== undefined,
    ...(taken && {
      delivered: {
        number: Number(taken.number),
        size: Number(taken.size),
        at: toIso(taken.delivered_at),
      },
    }),
    ...(failed && {
      failure: {
        message: String(failed.error),
        attempts: Number(failed.attempts),
        nextAt: toIso(failed.next_at),
      },
    }),
  };
}

function toIso(epochMs: number | string): string {
  return new Date(Number(epochMs)).toISOString();
}
