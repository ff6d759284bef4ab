import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import istioPlugin from '@istio-backstage/plugin-istio-backend';
import { startSandbox, type RunningSandbox } from '@istio-backstage/sandbox';
import { readCatalog, startPortal } from '../__testUtils__/startPortal';
import { createFollowChangeAction } from './createFollowChangeAction';
import { createSubmitChangeAction } from './createSubmitChangeAction';
import { SHIFT_REVIEWS } from './exampleIntents';

jest.setTimeout(120_000);

const MIRA = 'user:default/mira.kovac';
const JONAS = 'user:default/jonas.weber';
const APP = 'https://portal.example';

describe('actions of a task that does not go smoothly', () => {
  let sandbox: RunningSandbox;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['prod-eu'] });
    portal = await startPortal({
      sandbox,
      istioPlugin,
      entities: readCatalog('catalog.yaml'),
    });
  });

  afterAll(async () => {
    await portal.stop();
    await sandbox.close();
  });

  /** One start of a step of a task; a checkpoint that never kept anything, as after a crash. */
  const start = async (options: {
    task: string;
    user?: string;
    weights?: number[];
    signal?: AbortSignal;
    wait?: { changeId: string; timeoutSeconds: number };
  }) => {
    const { task, user = MIRA, weights, signal, wait } = options;
    const istio = { as: () => portal.clientFor(user) };
    const action = wait
      ? createFollowChangeAction({ istio, appUrl: APP })
      : createSubmitChangeAction({ istio, appUrl: APP });
    const output: { [name: string]: unknown } = {};
    await action.handler({
      input: wait ?? {
        entityRef: 'component:default/reviews',
        intent: weights
          ? {
              ...SHIFT_REVIEWS,
              params: {
                ...SHIFT_REVIEWS.params,
                weights: weights.map((weight, index) => ({
                  key: `v${index + 1}`,
                  weight,
                })),
              },
            }
          : SHIFT_REVIEWS,
        reason: 'Next step',
      },
      logger: mockServices.logger.mock(),
      task: { id: task },
      step: { id: 'change' },
      signal,
      checkpoint: ({ fn }: { fn: () => unknown }) => fn(),
      getInitiatorCredentials: async () => mockCredentials.user(user),
      output: (name: string, value: unknown) => {
        output[name] = value;
      },
    } as never);
    return output;
  };

  const changes = async () =>
    (await portal.clientFor(MIRA).listChanges()).items;

  it('submits once, however often the task is started', async () => {
    const first = await start({ task: 'crashed' });
    const again = await start({ task: 'crashed' });
    expect(again.changeId).toBe(first.changeId);
    const both = await Promise.all([
      start({ task: 'twice', weights: [60, 40, 0] }),
      start({ task: 'twice', weights: [60, 40, 0] }),
    ]);
    expect(both[0].changeId).toBe(both[1].changeId);
    expect((await changes()).map(({ id }) => id)).toEqual([
      both[0].changeId,
      first.changeId,
    ]);
  });

  it('says the reason of a refusal in words, and the record has it', async () => {
    await expect(
      start({ task: 'not-mine', user: JONAS, weights: [50, 50, 0] }),
    ).rejects.toThrow(/jonas\.weber/);
    const [refused] = await changes();
    expect(refused).toMatchObject({
      state: 'denied',
      requestedBy: { entityRef: JONAS },
      reason: 'Next step',
    });
  });

  it('stops waiting when the time is over, and says where it stands', async () => {
    const { changeId } = await start({ task: 'slow', weights: [55, 45, 0] });
    await expect(
      start({
        task: 'slow',
        wait: { changeId: String(changeId), timeoutSeconds: 1 },
      }),
    ).rejects.toThrow(/is applied and was not verified in time/);
  });

  it('stops waiting when the task is cancelled', async () => {
    const [{ id }] = (await changes()).filter(
      ({ state }) => state === 'applied',
    );
    const cancelled = new AbortController();
    const waiting = start({
      task: 'cancelled',
      signal: cancelled.signal,
      wait: { changeId: id, timeoutSeconds: 600 },
    });
    cancelled.abort();
    await expect(waiting).rejects.toThrow(/was not verified in time/);
  });
});
