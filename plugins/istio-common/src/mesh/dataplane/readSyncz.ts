import { z } from 'zod';
import type { ProxyStatus, UnsyncedConfig } from './types';

/** The part of `/debug/syncz` that is used. Source: istio/istio pilot/pkg/xds/debug.go SyncStatus (1.31). */
const entrySchema = z.object({
  /** `reviews-v1-5d7f.catalog`: pod and namespace. */
  proxy: z.string(),
  resources: z
    .record(
      z.object({
        sent: z.string().default(''),
        acked: z.string().default(''),
        sentTime: z.string().optional(),
        lastError: z.string().default(''),
      }),
    )
    .nullish(),
});
const answerSchema = z.array(entrySchema);

/** What each kind of configuration is called here; the last part of its type's name elsewhere. */
const WORDS: Record<string, string> = {
  Cluster: 'clusters',
  Listener: 'listeners',
  RouteConfiguration: 'routes',
  ClusterLoadAssignment: 'endpoints',
  Secret: 'secrets',
  TypedExtensionConfig: 'extensions',
  NameTable: 'DNS names',
};

/** A proxy has this many milliseconds to acknowledge what was sent: a push is under way all the time somewhere. */
const GRACE_MS = 10_000;

/**
 * What istiod's `/debug/syncz` says of each proxy. A kind of configuration counts as not in force when the proxy
 * refused it, or did not acknowledge what was sent last within ten seconds; one that was never sent does not count.
 * `now` is the time of the answer in epoch milliseconds. Undefined for an answer of another shape.
 *
 * Source: istio/istio pilot/pkg/xds/statusgen.go debugSyncStatus (1.31).
 */
export function readSyncz(
  answer: unknown,
  now: number,
): ProxyStatus[] | undefined {
  const parsed = answerSchema.safeParse(answer);
  return parsed.success
    ? parsed.data.map(entry => readEntry(entry, now))
    : undefined;
}

function readEntry(
  { proxy, resources }: z.infer<typeof entrySchema>,
  now: number,
): ProxyStatus {
  const dot = proxy.lastIndexOf('.');
  return {
    pod: proxy.slice(0, dot < 0 ? undefined : dot),
    namespace: dot < 0 ? '' : proxy.slice(dot + 1),
    unsynced: Object.entries(resources ?? {})
      .flatMap(([type, status]): UnsyncedConfig[] => {
        const { sent, acked, sentTime, lastError } = status;
        const config = wordFor(type);
        if (lastError !== '') {
          return [{ config, state: 'refused', error: lastError }];
        }
        const late = sent !== acked && !isRecent(sentTime, now);
        return late && sent !== ''
          ? [{ config, state: 'notAcknowledged' }]
          : [];
      })
      .sort(byConfig),
  };
}

function wordFor(type: string): string {
  const last = type.slice(type.lastIndexOf('.') + 1);
  return WORDS[last] ?? last;
}

function isRecent(sentTime: string | undefined, now: number): boolean {
  const at = Date.parse(sentTime ?? '');
  return !Number.isNaN(at) && now - at < GRACE_MS;
}

function byConfig(a: UnsyncedConfig, b: UnsyncedConfig): number {
  return a.config < b.config ? -1 : 1;
}
