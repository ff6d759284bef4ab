import { HttpTarget, post } from './HttpReceiver';
import { severityOf } from './severityOf';
import type { AuditReceiver, ForwardedEntry } from './types';

/** OpenTelemetry severity numbers: INFO, WARN, ERROR. */
const SEVERITY = { info: 9, warning: 13, error: 17 } as const;

/**
 * Posts entries as OpenTelemetry log records, OTLP/HTTP in its JSON encoding (OTLP 1.x); `url` is the
 * whole address, usually ending in `/v1/logs`.
 */
export class OtlpReceiver implements AuditReceiver {
  static create(target: HttpTarget): OtlpReceiver {
    return new OtlpReceiver(target);
  }

  readonly name: string;

  private constructor(private readonly target: HttpTarget) {
    this.name = target.name;
  }

  receive(entries: readonly ForwardedEntry[]): Promise<void> {
    return post(this.target, {
      type: 'application/json',
      key: `${entries[0].seq}-${entries[entries.length - 1].seq}`,
      body: JSON.stringify({
        resourceLogs: [
          {
            resource: {
              attributes: [attribute('service.name', 'istio-portal')],
            },
            scopeLogs: [
              {
                scope: { name: 'istio.audit' },
                logRecords: entries.map(toRecord),
              },
            ],
          },
        ],
      }),
    });
  }
}

function toRecord(entry: ForwardedEntry) {
  const severity = severityOf(entry.kind);
  return {
    timeUnixNano: toNanos(entry.occurredAt),
    observedTimeUnixNano: toNanos(entry.recordedAt),
    severityNumber: SEVERITY[severity],
    severityText: severity.toUpperCase(),
    eventName: `istio.audit.${entry.kind}`,
    body: { stringValue: JSON.stringify(entry) },
    attributes: [
      attribute('istio.audit.seq', String(entry.seq)),
      attribute('istio.audit.operation', entry.opId),
      attribute('istio.audit.about', entry.about),
      attribute('istio.audit.hash', entry.hash),
      attribute('enduser.id', entry.by),
    ],
  };
}

function attribute(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

/** 64-bit numbers are text in the JSON encoding. */
function toNanos(iso: string): string {
  return `${BigInt(Date.parse(iso)) * 1_000_000n}`;
}
