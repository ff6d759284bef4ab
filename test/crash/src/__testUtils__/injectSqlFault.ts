import type { Knex } from 'knex';
import type { Fault } from './types';

interface Connection {
  /** knex takes it out of its pool. */
  __knex__disposed?: Error;
}

interface Dialect {
  _query(connection: Connection, query: { sql?: string }): Promise<unknown>;
}

/**
 * Puts a fault at one statement, whichever transaction it belongs to, and lists all of them. Works below
 * knex's transactions: their clients are made from the same prototype, which is put back with `release`.
 */
export function injectSqlFault(
  knex: Knex,
  fault: Fault | undefined,
): { statements: string[]; release(): void } {
  const statements: string[] = [];
  const dialect = Object.getPrototypeOf(knex.client) as Dialect;
  const send = dialect._query;
  dialect._query = async function query(connection, obj) {
    const index = statements.push(obj.sql ?? '') - 1;
    const kind =
      fault?.at === 'sql' && fault.index === index ? fault.kind : undefined;
    if (kind === 'error') {
      // Databases end a transaction whose commit fails.
      if (/^commit/i.test(obj.sql ?? '')) {
        await send.call(this, connection, { ...obj, sql: 'ROLLBACK;' });
      }
      throw new Error('the disk is full');
    }
    if (kind === 'killedBefore') {
      die();
    }
    if (kind === 'stopped') {
      await stop();
    }
    const answer = await send.call(this, connection, obj);
    if (kind === 'killedAfter') {
      die();
    }
    if (kind === 'answerLost') {
      const error = new Error('the connection ended unexpectedly');
      connection.__knex__disposed = error;
      throw error;
    }
    return answer;
  };
  return {
    statements,
    release: () => {
      dialect._query = send;
    },
  };
}

/** Goes on when somebody sends SIGCONT. Whoever waits for the stop is told before. */
function stop(): Promise<void> {
  return new Promise(resolve => {
    process.send?.({ is: 'stopping' }, () => {
      process.kill(process.pid, 'SIGSTOP');
      resolve();
    });
  });
}

/** At once, without any clean-up, as a machine that loses its power. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
