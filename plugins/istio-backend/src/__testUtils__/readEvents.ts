import type { AddressInfo } from 'node:net';
import type { TestBackend } from '@backstage/backend-test-utils';
import {
  MeshEvent,
  meshEventSchema,
} from '@istio-backstage/plugin-istio-common';

/** An open event stream and what came through it so far. */
export interface EventReader {
  status: number;
  contentType: string | null;
  events: MeshEvent[];
  /** Resolves when the server ended the stream. */
  ended: Promise<void>;
  close(): void;
}

/** Address of the plugin's API. */
function addressOf(backend: TestBackend): string {
  const { port } = backend.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/api/istio`;
}

/** Opens the event stream as this user. */
export async function readEvents(
  backend: TestBackend,
  authorization: string,
): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(`${addressOf(backend)}/v1/events`, {
    headers: { Authorization: authorization },
    signal: abort.signal,
  });
  const events: MeshEvent[] = [];
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    events,
    ended: collect(response, events),
    close: () => abort.abort(),
  };
}

async function collect(response: Response, events: MeshEvent[]): Promise<void> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        if (part.startsWith('data: ')) {
          events.push(meshEventSchema.parse(JSON.parse(part.slice(6))));
        }
      }
    }
  } catch {
    // Closed from this side.
  }
}
