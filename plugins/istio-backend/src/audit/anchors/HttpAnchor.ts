import type {
  AnchoredCheckpoint,
  AuditAnchor,
} from '@istio-backstage/plugin-istio-node';

const TIMEOUT_MS = 10_000;

/** Sends each checkpoint's note to an address; any 2xx means it was kept. Redirects are not followed. */
export class HttpAnchor implements AuditAnchor {
  static create(options: {
    name: string;
    url: string;
    headers: Record<string, string>;
  }): HttpAnchor {
    return new HttpAnchor(options.name, options.url, options.headers);
  }

  private constructor(
    readonly name: string,
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  async deliver({ number, note }: AnchoredCheckpoint): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        // Delivery is at least once: receivers can tell a repetition.
        'Idempotency-Key': String(number),
        ...this.headers,
      },
      body: note,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  }
}
