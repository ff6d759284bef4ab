import type { AuditReceiver, ForwardedEntry } from './types';

const TIMEOUT_MS = 10_000;

/** Where a receiver listens. */
export interface HttpTarget {
  name: string;
  url: string;
  headers: Record<string, string>;
}

/** Posts entries as NDJSON; any 2xx means that all were taken. */
export class HttpReceiver implements AuditReceiver {
  static create(target: HttpTarget): HttpReceiver {
    return new HttpReceiver(target);
  }

  readonly name: string;

  private constructor(private readonly target: HttpTarget) {
    this.name = target.name;
  }

  receive(entries: readonly ForwardedEntry[]): Promise<void> {
    return post(this.target, {
      type: 'application/x-ndjson',
      // The same entries again have the same key.
      key: `${entries[0].seq}-${entries[entries.length - 1].seq}`,
      body: entries.map(entry => `${JSON.stringify(entry)}\n`).join(''),
    });
  }
}

/** Sends one body; redirects are not followed, so that headers go where they were meant for. */
export async function post(
  { url, headers }: HttpTarget,
  { type, key, body }: { type: string; key: string; body: string },
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { 'Content-Type': type, 'Idempotency-Key': key, ...headers },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
