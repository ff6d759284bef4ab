import { formatAnchorLine } from '@istio-backstage/plugin-istio-common';
import type {
  AnchoredCheckpoint,
  AuditAnchor,
} from '@istio-backstage/plugin-istio-node';
import type { KubeClient, KubeResponse } from '../../clusters/types';

/** The newest speaks for all entries before it; the others are for people to look at. */
const KEPT = 20;
const KEY = /^checkpoint-(\d{15})$/;

interface ConfigMap {
  metadata?: { resourceVersion?: string };
  data?: Record<string, string>;
}

/** Options of {@link ConfigMapAnchor}. */
export interface ConfigMapAnchorOptions {
  name: string;
  /** Of the cluster, with the portal's own credentials: the one write that is nobody else's. */
  client: Pick<KubeClient, 'request'>;
  namespace: string;
  configMap: string;
}

/** Keeps the newest checkpoints in a ConfigMap of a cluster. */
export class ConfigMapAnchor implements AuditAnchor {
  static create(options: ConfigMapAnchorOptions): ConfigMapAnchor {
    return new ConfigMapAnchor(options);
  }

  readonly name: string;

  private constructor(private readonly options: ConfigMapAnchorOptions) {
    this.name = options.name;
  }

  async deliver({ number, note }: AnchoredCheckpoint): Promise<void> {
    const found = await this.get();
    const key = `checkpoint-${String(number).padStart(15, '0')}`;
    if (!found) {
      await this.send('POST', { path: this.folder(), data: { [key]: note } });
      return;
    }
    const keys = [...new Set([...keysOf(found), key])].sort();
    await this.send('PATCH', {
      path: this.path(),
      // Two replicas at once: the later one is refused and tried again.
      resourceVersion: found.metadata?.resourceVersion,
      data: {
        ...Object.fromEntries(keys.slice(0, -KEPT).map(old => [old, null])),
        [key]: note,
      },
    });
  }

  async read(): Promise<string> {
    const found = await this.get();
    return keysOf(found ?? {})
      .sort()
      .map(key =>
        formatAnchorLine({
          number: Number(KEY.exec(key)?.[1]),
          note: found?.data?.[key] ?? '',
        }),
      )
      .join('');
  }

  private async get(): Promise<ConfigMap | undefined> {
    const response = await this.options.client.request({
      method: 'GET',
      path: this.path(),
    });
    if (response.status === 404) return undefined;
    requireSuccess(response);
    return response.body as ConfigMap;
  }

  private async send(
    method: 'POST' | 'PATCH',
    options: {
      path: string;
      data: Record<string, string | null>;
      resourceVersion?: string;
    },
  ): Promise<void> {
    const { client, configMap, namespace } = this.options;
    const { path, data, resourceVersion } = options;
    requireSuccess(
      await client.request({
        method,
        path,
        headers: {
          'Content-Type':
            method === 'PATCH'
              ? 'application/merge-patch+json'
              : 'application/json',
        },
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: configMap, namespace, resourceVersion },
          data,
        },
      }),
    );
  }

  private folder(): string {
    return `/api/v1/namespaces/${this.options.namespace}/configmaps`;
  }

  private path(): string {
    return `${this.folder()}/${this.options.configMap}`;
  }
}

function keysOf({ data = {} }: ConfigMap): string[] {
  return Object.keys(data).filter(key => KEY.test(key));
}

function requireSuccess({ status, body }: KubeResponse): void {
  if (status >= 200 && status < 300) return;
  const message = (body as { message?: unknown } | null)?.message;
  throw new Error(
    `the API server answered ${status}${
      typeof message === 'string' ? `: ${message}` : ''
    }`,
  );
}
