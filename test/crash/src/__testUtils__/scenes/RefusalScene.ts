import type { Knex } from 'knex';
import { makeUlid } from '../../../../../plugins/istio-backend/src/audit/makeUlid';
import type { NewChange } from '../../../../../plugins/istio-backend/src/changes/types';
import type { CrashReport, CrashTask, DatabaseTarget } from '../types';
import type { Scene, SceneCase } from './types';

type Refusal = Extract<CrashTask, { journey: 'refuse' }>['error'];

/** What each refusal is recorded as. */
const KINDS: Record<Refusal, string> = {
  NotAllowedError: 'denied',
  InputError: 'failed',
};

/** Somebody asks for what the portal itself refuses: a denial, and a request that makes no sense, in turns. */
export class RefusalScene implements Scene {
  static create(options: {
    knex: Knex;
    database: DatabaseTarget;
    error: Refusal;
  }): RefusalScene {
    return new RefusalScene(options);
  }

  readonly program = 'refusalMain';
  onRequest = async () => undefined;

  private constructor(
    private readonly options: Parameters<typeof RefusalScene.create>[0],
  ) {}

  open(owner: string): SceneCase {
    const { database, error } = this.options;
    const change = triedChange();
    return {
      task: { journey: 'refuse', database, owner, change, error },
      recover: async () => undefined,
      findViolations: report => this.findViolations(change, report),
    };
  }

  async close(): Promise<void> {}

  /** A8: who was told of a refusal finds it in the log, once, with who tried and what. */
  private async findViolations(
    change: NewChange,
    report: CrashReport | undefined,
  ): Promise<string[]> {
    const { knex, error } = this.options;
    const entries = await knex('audit_entry')
      .join('audit_payload', 'audit_payload.entry_id', 'audit_entry.entry_id')
      .where({ actor: change.requestedBy.entityRef })
      .select('kind', 'op_id');
    const rows = await knex('mesh_change').whereIn(
      'id',
      entries.map(({ op_id }) => op_id),
    );
    const violations: string[] = [];
    if (entries.length > 1) {
      violations.push(`A8: one try is recorded ${entries.length} times`);
    }
    if (report?.error === error && entries.length === 0) {
      violations.push(`A8: ${error} was told and is not recorded`);
    }
    if (
      report &&
      ![error, 'ServiceUnavailableError'].includes(`${report.error}`)
    ) {
      violations.push(`A8: told as ${report.error ?? 'success'}`);
    }
    for (const { kind } of entries) {
      if (kind !== KINDS[error]) violations.push(`A8: recorded as ${kind}`);
    }
    if (rows.length !== entries.length) {
      violations.push('A8: the entry and the try stand apart');
    }
    return violations;
  }
}

/** A try by a person of its own, by whom it is found again. */
function triedChange(): NewChange {
  const id = makeUlid();
  return {
    id,
    entityRef: 'component:default/reviews',
    intentType: 'raw',
    title: 'reviews: refused',
    state: 'denied',
    requestedBy: {
      entityRef: `user:default/${id.toLowerCase()}`,
      groups: ['group:default/catalog-team'],
    },
    actingUsers: {},
    reason: 'Crash matrix',
    planHash: 'none',
    versions: [],
    guardrails: [],
    operations: [],
  };
}
