import fc from 'fast-check';
import type { MeshEvent } from '../contract/events';
import { followEvents } from './followEvents';
import { EventStreamParser } from './parseEventStream';

describe('EventStreamParser', () => {
  const stream =
    ': hello\r\n\r\nevent: mesh\ndata: {"a":1}\nid: 7\n\ndata:one\r\ndata: two\r\n\r\ndata\n\nretry: 5\n\ndata: unfinished';
  const events = ['{"a":1}', 'one\ntwo', ''];

  it('reads events however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }),
        sizes => {
          const parser = new EventStreamParser();
          const read: string[] = [];
          let at = 0;
          for (const size of [...sizes, stream.length]) {
            read.push(...parser.push(stream.slice(at, at + size)));
            at += size;
          }
          expect(read).toEqual(events);
        },
      ),
    );
  });

  it('takes a lone carriage return as the end of a line', () => {
    const parser = new EventStreamParser();
    expect(parser.push('data: a\r\rdata: b\r')).toEqual(['a']);
    expect(parser.push('\r\n')).toEqual(['b']);
  });
});

const TIMES = {
  firstPause: 1_000,
  longestPause: 30_000,
  poll: 15_000,
  silence: 60_000,
};

/** A backend whose connections the test opens, feeds and cuts. */
class Backend {
  readonly events: MeshEvent[] = [];
  readonly opened: number[] = [];
  private controller?: ReadableStreamDefaultController<Uint8Array>;
  readonly abort = new AbortController();
  readonly done: Promise<void>;

  constructor(answer?: () => Response) {
    this.done = followEvents({
      signal: this.abort.signal,
      times: TIMES,
      onEvent: event => this.events.push(event),
      open: async signal => {
        this.opened.push(Date.now());
        const response = answer ? answer() : this.stream();
        signal.addEventListener('abort', () => this.cut());
        return response;
      },
    });
  }

  stream(): Response {
    return new Response(
      new ReadableStream<Uint8Array>({
        start: controller => {
          this.controller = controller;
        },
      }),
    );
  }

  send(text: string): void {
    this.controller?.enqueue(new TextEncoder().encode(text));
  }

  cut(): void {
    try {
      this.controller?.error(new Error('cut'));
    } catch {
      // It was closed before.
    }
  }

  refs(): string[] {
    return this.events.splice(0).flatMap(({ entityRefs }) => entityRefs);
  }

  async end(): Promise<void> {
    this.abort.abort();
    await this.done;
  }
}

const pass = (milliseconds: number) =>
  jest.advanceTimersByTimeAsync(milliseconds);

describe('followEvents', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reports events and neither comments nor nonsense', async () => {
    const backend = new Backend();
    await pass(0);
    backend.send(
      ': ping\n\ndata: {"entityRefs":["component:default/reviews"]}\n\n',
    );
    backend.send('data: nonsense\n\ndata: {"refs":[]}\n\n');
    await pass(0);
    expect(backend.refs()).toEqual(['component:default/reviews']);
    await pass(50_000);
    expect(backend.refs()).toEqual([]);
    await backend.end();
  });

  it('connects again after a cut and reports the gap', async () => {
    const backend = new Backend();
    await pass(0);
    backend.send(': ping\n\n');
    await pass(0);
    backend.cut();
    await pass(1_000);
    expect(backend.opened).toHaveLength(2);
    expect(backend.refs()).toEqual([]);
    backend.send(': ping\n\n');
    await pass(0);
    expect(backend.refs()).toEqual(['*']);
    await backend.end();
  });

  it('polls, with growing pauses between tries, while there is no stream', async () => {
    const backend = new Backend(() => new Response('no', { status: 503 }));
    await pass(120_000);
    expect(backend.refs()).toEqual(Array(8).fill('*'));
    const pauses = backend.opened
      .slice(1)
      .map((at, index) => at - backend.opened[index]);
    expect(pauses).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    await backend.end();
  });

  it('polls while a proxy holds the stream back, and gives up a silent one', async () => {
    const backend = new Backend();
    await pass(59_000);
    expect(backend.refs()).toEqual(['*', '*', '*']);
    expect(backend.opened).toHaveLength(1);
    await pass(3_000);
    expect(backend.opened).toHaveLength(2);
    backend.send(': ping\n\n');
    await pass(30_000);
    expect(backend.refs()).toEqual(['*', '*']);
    await backend.end();
  });

  it('survives a backend that is away and a listener that throws', async () => {
    const abort = new AbortController();
    let tries = 0;
    const done = followEvents({
      signal: abort.signal,
      times: TIMES,
      onEvent: () => {
        throw new Error('listener');
      },
      open: async () => {
        tries += 1;
        throw new TypeError('fetch failed');
      },
    });
    await pass(60_000);
    expect(tries).toBeGreaterThan(4);
    abort.abort();
    await expect(done).resolves.toBeUndefined();
  });

  it('ends at once, leaving no timer behind', async () => {
    const backend = new Backend();
    await pass(0);
    await backend.end();
    expect(jest.getTimerCount()).toBe(0);
    const aborted = new AbortController();
    aborted.abort();
    await followEvents({
      signal: aborted.signal,
      onEvent: () => {},
      open: () => {
        throw new Error('must not be asked');
      },
    });
    expect(jest.getTimerCount()).toBe(0);
  });
});
