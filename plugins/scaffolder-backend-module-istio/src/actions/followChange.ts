import { ConflictError } from '@backstage/errors';
import type { Change, IstioApi } from '@istio-backstage/plugin-istio-common';
import { explainRefusal } from './explainRefusal';
import { News } from './News';
import { judgeProgress, type Goal } from './judgeProgress';

/** Milliseconds. Events hasten a look; this is for one that was missed. */
const LOOK_AT_LEAST_EVERY = 15_000;

function explainEnd(change: Change, goal: Goal): string {
  const waitingFor = change.waitingFor ? `: ${change.waitingFor}` : '';
  return `“${change.title}” is ${change.state} and was not ${goal} in time${waitingFor}`;
}

/**
 * Resolves with the change when it is where it should be. Looks again whenever the mesh says that
 * something about its component changed.
 *
 * @throws Error when it cannot get there any more, or the signal aborts; it says where it stands
 */
export async function followChange(options: {
  api: Pick<IstioApi, 'getChange' | 'subscribe'>;
  id: string;
  goal: Goal;
  signal: AbortSignal;
  /** Called when the state moved. */
  onState(change: Change): void;
}): Promise<Change> {
  const { api, id, goal, signal, onState } = options;
  const done = new AbortController();
  const news = new News();
  const end = AbortSignal.any([signal, done.signal]);
  end.addEventListener('abort', () => news.arrive(), { once: true });
  const timer = setInterval(() => news.arrive(), LOOK_AT_LEAST_EVERY);
  let entityRef: string | undefined;
  const following = api.subscribe({
    signal: end,
    onEvent: ({ entityRefs }) => {
      const concerns =
        entityRef === undefined ||
        entityRefs.includes('*') ||
        entityRefs.includes(entityRef);
      if (concerns) news.arrive();
    },
  });
  try {
    let last: Change['state'] | undefined;
    for (;;) {
      const change = await explainRefusal(
        api.getChange(id, { signal: done.signal }),
      );
      entityRef = change.entityRef;
      if (change.state !== last) onState(change);
      last = change.state;
      const progress = judgeProgress(change, goal);
      if (progress.state === 'reached') return change;
      if (progress.state === 'ended') throw new ConflictError(progress.why);
      if (signal.aborted) throw new Error(explainEnd(change, goal));
      await news.next();
    }
  } finally {
    clearInterval(timer);
    done.abort();
    await following;
  }
}
