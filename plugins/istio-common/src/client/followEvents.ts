import { meshEventSchema, type MeshEvent } from '../contract/events';
import { EventStreamParser } from './parseEventStream';
import type { SubscribeOptions } from './types';

/** Milliseconds. The only place of this package with timers: a stream needs patience and pauses. */
export interface FollowTimes {
  /** First pause before connecting again; doubles with each failure. */
  firstPause: number;
  longestPause: number;
  /** Interval of `*` while no stream carries anything. */
  poll: number;
  /** A stream silent for longer counts as dead; the backend sends comments more often than that. */
  silence: number;
}

export const DEFAULT_FOLLOW_TIMES: FollowTimes = {
  firstPause: 1_000,
  longestPause: 30_000,
  poll: 15_000,
  silence: 60_000,
};

const ANYTHING: MeshEvent = { entityRefs: ['*'] };

export interface FollowOptions extends SubscribeOptions {
  open(signal: AbortSignal): Promise<Response>;
  times?: FollowTimes;
}

/**
 * Keeps an event stream open until the signal aborts, with polling in its place where there is none.
 * Resolves on abort; never rejects.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { signal, open, times = DEFAULT_FOLLOW_TIMES } = options;
  const report = (event: MeshEvent) => {
    try {
      options.onEvent(event);
    } catch {
      // The listener's fault must not end the stream for its other events.
    }
  };
  const state = { connected: false, gap: false, pause: times.firstPause };
  const onFirstByte = () => {
    state.connected = true;
    state.pause = times.firstPause;
    if (state.gap) {
      report(ANYTHING);
    }
  };
  const onData = (data: string) => {
    const event = readEvent(data);
    if (event && !signal.aborted) {
      report(event);
    }
  };
  const poller = setInterval(() => {
    if (!state.connected && !signal.aborted) {
      report(ANYTHING);
    }
  }, times.poll);
  try {
    while (!signal.aborted) {
      await readConnection({
        signal,
        open,
        silence: times.silence,
        onFirstByte,
        onData,
      });
      state.connected = false;
      state.gap = true;
      await sleep(state.pause, signal);
      state.pause = Math.min(state.pause * 2, times.longestPause);
    }
  } finally {
    clearInterval(poller);
  }
}

/** One connection, to its end for whatever reason. */
async function readConnection(options: {
  signal: AbortSignal;
  open(signal: AbortSignal): Promise<Response>;
  silence: number;
  onFirstByte(): void;
  onData(data: string): void;
}): Promise<void> {
  const connection = new AbortController();
  const close = () => connection.abort();
  options.signal.addEventListener('abort', close);
  let timer = setTimeout(close, options.silence);
  try {
    const response = await options.open(connection.signal);
    if (!response.ok || !response.body) {
      return;
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventStreamParser();
    let first = true;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(close, options.silence);
      if (first) {
        first = false;
        options.onFirstByte();
      }
      parser
        .push(decoder.decode(value, { stream: true }))
        .forEach(options.onData);
    }
  } catch {
    // Refused, cut or silent: the caller tries again.
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', close);
    connection.abort();
  }
}

function readEvent(data: string): MeshEvent | undefined {
  try {
    const parsed = meshEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(end, milliseconds);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
