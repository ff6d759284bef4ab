import {
  announceKey,
  KeyStatement,
  keyStatementOf,
  NoteSigner,
  rotateKey,
  toLogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import { withPayload } from './DatabaseAuditLog';
import { nodeDigest } from './nodeDigest';
import type { AuditLog, NewAuditEntry } from './types';

/** Keys as configured. */
export interface ConfiguredKeys {
  current?: NoteSigner;
  /** The key before, to sign for the current one. */
  previous?: NoteSigner;
  /** Take the current key although the one before cannot sign for it any more. */
  acceptsNew: boolean;
}

/**
 * Whether this process may sign. A log that was signed once is never continued unsigned, nor with a
 * key that the last one did not sign for.
 */
export class AuditKeys {
  static create(options: {
    knex: Knex;
    auditLog: Pick<AuditLog, 'append'>;
    keys: ConfiguredKeys;
  }): AuditKeys {
    return new AuditKeys(options);
  }

  private constructor(
    private readonly options: {
      knex: Knex;
      auditLog: Pick<AuditLog, 'append'>;
      keys: ConfiguredKeys;
    },
  ) {}

  /**
   * The signer to use now, after the entries that bring it in; `undefined` for a log without keys.
   * Throws where checkpoints have to wait for the configuration.
   */
  async settle(origin: string): Promise<NoteSigner | undefined> {
    const { current, previous, acceptsNew } = this.options.keys;
    const statements = await this.readStatements();
    const last = statements.at(-1)?.to;
    if (!current) {
      if (last === undefined) return undefined;
      throw new Error(
        'istio.audit.signingKey is missing: this log has been signed before, and an unsigned checkpoint would say nothing',
      );
    }
    if (current.verifierKey === last) return current;
    if (statements.some(({ to }) => to === current.verifierKey)) {
      throw new Error(
        'istio.audit.signingKey is a key that the log has replaced already; another replica has a newer one',
      );
    }
    if (last === undefined) {
      await this.record('signingKey', announceKey(origin, current));
    } else if (previous?.verifierKey === last) {
      const pair = { from: previous, to: current };
      await this.record('keyRotation', rotateKey(origin, pair));
    } else if (acceptsNew) {
      await this.record('signingKey', announceKey(origin, current));
    } else {
      throw new Error(
        'istio.audit.signingKey is new: give the one before it as istio.audit.previousSigningKey so that both sign for the change, or, if it is lost, set istio.audit.acceptNewKey',
      );
    }
    return current;
  }

  /** What the log says of its keys, oldest first. */
  private async readStatements(): Promise<KeyStatement[]> {
    const rows = await withPayload(this.options.knex)
      .whereIn('kind', ['signingKey', 'keyRotation'])
      .orderBy('seq');
    return rows.flatMap(
      row => keyStatementOf(toLogEntry(row), nodeDigest) ?? [],
    );
  }

  private async record(
    kind: NewAuditEntry['kind'],
    note: string,
  ): Promise<void> {
    await this.options.auditLog.append([
      {
        opId: ulid(),
        kind,
        occurredAt: Date.now(),
        actor: 'system',
        target: 'audit:log',
        payload: { note },
      },
    ]);
  }
}
