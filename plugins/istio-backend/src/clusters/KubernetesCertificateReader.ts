import type {
  CertificateReading,
  X509,
} from '@istio-backstage/plugin-istio-common';
import type { CertificateReader } from '@istio-backstage/plugin-istio-node';
import { parseCertificates } from './parseCertificates';
import { KubeClient, KubeConnectionError } from './types';

/** A renewed certificate is seen after this long at most. */
const KEEP_MS = 5 * 60_000;
/** What could not be read is asked again sooner. */
const KEEP_FAILURE_MS = 30_000;
/** Requests to one API server at a time. */
const AT_ONCE = 4;
const TIMEOUT_MS = 5_000;

type Secret = { namespace: string; name: string };

interface Kept {
  until: number;
  reading: Promise<CertificateReading>;
}

/**
 * {@link CertificateReader} over single reads of Secrets of type `kubernetes.io/tls`, as the portal's account:
 * no list and no watch, so the account needs no more than `get` on the Secrets that gateways name. Of what
 * comes back only `tls.crt` and `ca.crt` are looked at, and only the parsed public part is kept.
 */
export class KubernetesCertificateReader implements CertificateReader {
  static create(options: {
    /** Of clusters whose Secrets may be read. */
    clients: readonly KubeClient[];
    now?: () => number;
  }): KubernetesCertificateReader {
    return new KubernetesCertificateReader(
      new Map(options.clients.map(client => [client.cluster, client])),
      options.now ?? Date.now,
    );
  }

  private readonly kept = new Map<string, Kept>();

  private constructor(
    private readonly clients: ReadonlyMap<string, KubeClient>,
    private readonly now: () => number,
  ) {}

  async read(options: {
    cluster: string;
    secrets: readonly Secret[];
  }): Promise<CertificateReading[]> {
    const client = this.clients.get(options.cluster);
    if (!client) return [];
    const readings: CertificateReading[] = [];
    for (let index = 0; index < options.secrets.length; index += AT_ONCE) {
      const some = options.secrets.slice(index, index + AT_ONCE);
      readings.push(
        ...(await Promise.all(
          some.map(secret => this.readOne(client, secret)),
        )),
      );
    }
    return readings;
  }

  private readOne(
    client: KubeClient,
    secret: Secret,
  ): Promise<CertificateReading> {
    const key = `${client.cluster}/${secret.namespace}/${secret.name}`;
    const known = this.kept.get(key);
    if (known && known.until > this.now()) return known.reading;
    const entry: Kept = {
      until: this.now() + KEEP_MS,
      reading: readSecret(client, secret),
    };
    this.kept.set(key, entry);
    void entry.reading.then(({ state }) => {
      if (state !== 'read') entry.until = this.now() + KEEP_FAILURE_MS;
    });
    return entry.reading;
  }
}

/** Never throws, and never says more than the Secret's name and type. */
async function readSecret(
  client: KubeClient,
  { namespace, name }: Secret,
): Promise<CertificateReading> {
  const secret = { namespace, name };
  const unreadable = (reason: string): CertificateReading => ({
    ...secret,
    state: 'unreadable',
    reason,
  });
  try {
    const { status, body } = await client.request({
      method: 'GET',
      path: `/api/v1/namespaces/${encodeURIComponent(
        namespace,
      )}/secrets/${encodeURIComponent(name)}`,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 404) return { ...secret, state: 'missing' };
    if (status === 403) {
      return unreadable('the portal’s account may not get it');
    }
    if (status !== 200) return unreadable(`the API server answered ${status}`);
    return { ...secret, ...publicPartOf(body) };
  } catch (error) {
    return unreadable(
      error instanceof KubeConnectionError
        ? 'the API server did not answer'
        : 'it holds no certificate that can be read',
    );
  }
}

type PublicPart =
  | { state: 'read'; chains: Record<string, X509[]> }
  | { state: 'unreadable'; reason: string };

function publicPartOf(body: unknown): PublicPart {
  const { type, data } = (body ?? {}) as { type?: unknown; data?: unknown };
  if (type !== 'kubernetes.io/tls') {
    return {
      state: 'unreadable',
      reason: `it is of type ${String(
        type ?? 'unknown',
      )}, and only kubernetes.io/tls is looked at`,
    };
  }
  const entries = (data ?? {}) as Record<string, unknown>;
  const chains: Record<string, X509[]> = {};
  for (const entry of ['tls.crt', 'ca.crt']) {
    const value = entries[entry];
    if (typeof value === 'string') {
      chains[entry] = parseCertificates(
        Buffer.from(value, 'base64').toString('latin1'),
      );
    }
  }
  return { state: 'read', chains };
}
