import type {
  AnchoredCheckpoint,
  AuditAnchor,
} from '@istio-backstage/plugin-istio-node';

const TIMEOUT_MS = 10_000;
const READ_AT_MOST = 1024 * 1024;

/** Options of {@link HttpAnchor}. */
export interface HttpAnchorOptions {
  name: string;
  url: string;
  /** Where what it keeps can be read back with GET. */
  readUrl?: string;
  headers: Record<string, string>;
}

/** Sends each checkpoint's note to an address; any 2xx means it was kept. Redirects are not followed. */
export class HttpAnchor implements AuditAnchor {
  static create(options: HttpAnchorOptions): HttpAnchor {
    return new HttpAnchor(options);
  }

  readonly name: string;
  readonly read?: () => Promise<string>;

  private constructor(private readonly options: HttpAnchorOptions) {
    const { name, readUrl } = options;
    this.name = name;
    if (readUrl !== undefined) this.read = () => this.readFrom(readUrl);
  }

  async deliver({ number, note }: AnchoredCheckpoint): Promise<void> {
    const { url, headers } = this.options;
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        // Delivery is at least once: receivers can tell a repetition.
        'Idempotency-Key': String(number),
        ...headers,
      },
      body: note,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  }

  private async readFrom(url: string): Promise<string> {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: this.options.headers,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > READ_AT_MOST) {
        throw new Error('it answered with more than 1 MiB');
      }
    }
    return text;
  }
}
