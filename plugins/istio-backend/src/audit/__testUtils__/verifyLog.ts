import { LogReport, verifyTables } from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { nodeDigest } from '../nodeDigest';
import { readRows } from '../readRows';

/** Verifies the log in a database as `istio-portal audit verify` does. */
export function verifyLog(
  knex: Knex,
  trusted: {
    keys?: string[];
    anchors?: { source: string; note: string }[];
  } = {},
): Promise<LogReport> {
  return verifyTables({ read: readRows(knex), digest: nodeDigest, ...trusted });
}
