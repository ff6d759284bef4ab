import { HttpReceiver } from './HttpReceiver';
import { OtlpReceiver } from './OtlpReceiver';
import { SyslogReceiver } from './SyslogReceiver';
import type { AuditReceiver } from './types';

interface Address {
  url: string;
  headers: Record<string, string>;
}

/** `istio.audit.forward`: exactly one kind each. */
export interface ReceiverConfig {
  name: string;
  http?: Address;
  otlp?: Address;
  syslog?: { host: string; port: number; tls: boolean; ca?: string };
}

/** Receivers as configured. */
export function createReceivers(
  configs: readonly ReceiverConfig[],
): AuditReceiver[] {
  return configs.map(({ name, http, otlp, syslog }) => {
    if (http) return HttpReceiver.create({ name, ...http });
    if (otlp) return OtlpReceiver.create({ name, ...otlp });
    if (syslog) return SyslogReceiver.create({ name, ...syslog });
    throw new Error(`The audit receiver '${name}' has no kind`);
  });
}
