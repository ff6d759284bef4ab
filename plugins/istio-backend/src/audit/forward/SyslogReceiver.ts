import { connect as connectTcp, Socket } from 'node:net';
import { hostname } from 'node:os';
import { finished } from 'node:stream/promises';
import { connect as connectTls } from 'node:tls';
import { severityOf } from './severityOf';
import type { AuditReceiver, ForwardedEntry } from './types';

const TIMEOUT_MS = 10_000;
/** RFC 5424, table 1: "log audit". */
const FACILITY = 13;
/** RFC 5424, table 2. */
const SEVERITY = { info: 6, warning: 4, error: 3 } as const;

/** Where a syslog server listens. */
export interface SyslogTarget {
  name: string;
  host: string;
  port: number;
  /** RFC 5425. Off: plain TCP, for a collector on the same machine. */
  tls: boolean;
  /** PEM of the authority, where it is none of the public ones. */
  ca?: string;
}

/**
 * Sends entries as RFC 5424 messages with octet counting (RFC 6587). Syslog has no acknowledgement: a
 * batch counts as taken when the server closes the connection after it has been sent to its end.
 */
export class SyslogReceiver implements AuditReceiver {
  static create(target: SyslogTarget): SyslogReceiver {
    return new SyslogReceiver(target);
  }

  readonly name: string;

  private constructor(private readonly target: SyslogTarget) {
    this.name = target.name;
  }

  async receive(entries: readonly ForwardedEntry[]): Promise<void> {
    const socket = this.connect();
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(new Error('the syslog server did not answer in time')),
    );
    // Unread data would keep its end from arriving.
    socket.resume();
    socket.end(entries.map(frame).join(''));
    await finished(socket);
  }

  private connect(): Socket {
    const { host, port, tls, ca } = this.target;
    return tls ? connectTls({ host, port, ca }) : connectTcp({ host, port });
  }
}

function frame(entry: ForwardedEntry): string {
  const message = formatSyslog(entry, hostname());
  return `${Buffer.byteLength(message)} ${message}`;
}

/** One message: the header fields as structured data, the whole entry as JSON. */
export function formatSyslog(entry: ForwardedEntry, host: string): string {
  const { seq, opId, kind, by, about, hash, recordedAt } = entry;
  const priority = FACILITY * 8 + SEVERITY[severityOf(kind)];
  const data = Object.entries({ seq: String(seq), opId, by, about, hash })
    .map(([name, value]) => `${name}="${escapeParameter(value)}"`)
    .join(' ');
  // 32473 is the number that RFC 5612 reserves for examples and those without one of their own.
  return `<${priority}>1 ${recordedAt} ${
    host || '-'
  } istio-portal - ${kind.slice(
    0,
    32,
  )} [audit@32473 ${data}] \uFEFF${JSON.stringify(entry)}`;
}

/** RFC 5424, 6.3.3; control characters have no business in a reference. */
function escapeParameter(value: string): string {
  return value.replace(/\p{Cc}/gu, ' ').replace(/["\\\]]/g, '\\$&');
}
