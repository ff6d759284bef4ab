import type { Knex } from 'knex';
import type { Fault } from './types';

interface Dialect {
  _query(connection: unknown, query: { sql?: string }): Promise<unknown>;
}

/**
 * Puts a fault at one statement, whichever transaction it belongs to, and lists all of them. Works below
 * knex's transactions: their clients are made from the same prototype.
 */
export function injectSqlFault(knex: Knex, fault: Fault | undefined): string[] {
  const statements: string[] = [];
  const dialect = Object.getPrototypeOf(knex.client) as Dialect;
  const send = dialect._query;
  dialect._query = async function query(connection, obj) {
    const index = statements.push(obj.sql ?? '') - 1;
    const kind =
      fault?.at === 'sql' && fault.index === index ? fault.kind : undefined;
    if (kind === 'error') {
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
      throw new Error('the connection ended unexpectedly');
    }
    return answer;
  };
  return statements;
}

/** Goes on when somebody sends SIGCONT. Whoever waits for the stop is told before. */
function stop(): Promise<void> {
  return new Promise(resolve => {
    process.send?.('stopping', () => {
      process.kill(process.pid, 'SIGSTOP');
      resolve();
    });
  });
}

/** At once, without any clean-up, as a machine that loses its power. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
