import { waitFor } from '../clusters/testing/waitFor';
import { REVIEWS } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const QUICK = { verifySeconds: 0.2, giveUpSeconds: 1.5 };

describe('following a change', () => {
  const open = useMesh();

  it('is observed when the watch shows it, and verified when traffic does', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    harness.telemetry.requests = { v1: 702, v2: 298 };
    const verified = await harness.reaches(change.id, 'verified');
    expect(verified.events.map(({ kind }) => kind)).toEqual([
      'requested',
      'applied',
      'observed',
      'verified',
    ]);
    expect(verified.events.at(-1)?.text).toBe('Seen in traffic: v2 29.8 %');
    expect(verified.events[2].text).toBe('Seen by the watches of prod-eu');
    expect(harness.changed.flat()).toContain(REVIEWS);
    // Only traffic since the change counts.
    const asked = harness.telemetry.asked.at(-1);
    expect(asked?.seconds).toBeLessThan(30);
  });

  it('asks every round since the same moment: what a slow source answers late is there for the next one', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    harness.telemetry.requests = { v1: 800, v2: 200 };
    const change = await harness.shift([70, 30, 0]);
    const { asked } = harness.telemetry;
    // What the preview asked is not about the time after the change.
    asked.length = 0;
    harness.start();
    const waiting = await waitFor(async () => {
      const { waitingFor } = await harness.service.get(
        change.id,
        harness.as('mira.kovac'),
      );
      expect(waitingFor).toBeDefined();
      return waitingFor;
    }, 10_000);
    expect(waiting).toMatch(/^traffic does not follow: v2 20\.0 % of 1,000/);
    await waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(3), 10_000);
    harness.telemetry.requests = { v1: 702, v2: 298 };
    const verified = await harness.reaches(change.id, 'verified');
    expect(verified.waitingFor).toBeUndefined();
    const moments = new Set(asked.map(({ since }) => since));
    expect([...moments]).toEqual([expect.any(Number)]);
  });

  it('gives up with the reason when traffic does not follow', async () => {
    const { harness } = await open({ times: QUICK });
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    harness.telemetry.requests = { v1: 800, v2: 200 };
    const closed = await harness.reaches(change.id, 'unverifiable');
    expect(closed.events.at(-1)?.text).toMatch(
      /^Not seen in traffic within .*: traffic does not follow: v2 20\.0 % of 1,000 requests/,
    );
    expect(closed.revert.possible).toBe(true);
  });

  it('gives up with the reason when there is no traffic', async () => {
    const { harness } = await open({ times: QUICK });
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    harness.telemetry.requests = {};
    const closed = await harness.reaches(change.id, 'unverifiable');
    expect(closed.events.at(-1)?.text).toMatch(/^Not seen in traffic within /);
  });

  it('gives up with the reason when metrics do not answer', async () => {
    const { harness } = await open({ times: QUICK });
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    harness.telemetry.error = 'connection refused';
    const closed = await harness.reaches(change.id, 'unverifiable');
    expect(closed.events.at(-1)?.text).toContain(
      'no metrics: connection refused',
    );
  });

  it('does not wait where no metrics are configured', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    harness.telemetry.configured = false;
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    const closed = await harness.reaches(change.id, 'unverifiable');
    expect(closed.events.at(-1)?.text).toBe(
      'No metrics are configured for prod-eu',
    );
  });

  it('says so when the next change came before traffic showed this one', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    const first = await harness.shift([70, 30, 0]);
    const second = await harness.shift([60, 40, 0]);
    harness.telemetry.requests = { v1: 600, v2: 400 };
    harness.start();
    const closed = await harness.reaches(first.id, 'unverifiable');
    expect(closed.events.at(-1)?.text).toBe(
      'VirtualService catalog/reviews in prod-eu was changed again before traffic showed this change',
    );
    await harness.reaches(second.id, 'verified');
  });

  it('verifies a revert like any change', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    harness.start();
    const change = await harness.shift([70, 30, 0]);
    const revert = await harness.revert(change.id);
    harness.telemetry.requests = { v1: 800, v2: 200 };
    const verified = await harness.reaches(revert.id, 'verified');
    expect(verified.events.at(-1)?.text).toBe('Seen in traffic: v1 80.0 %');
  });

  it('tells each step once with several replicas', async () => {
    const { harness } = await open({ times: { verifySeconds: 0.2 } });
    const first = await harness.open({ verifySeconds: 0.2 });
    const second = await harness.open({ verifySeconds: 0.2 });
    first.start();
    second.start();
    const change = await harness.shift([70, 30, 0]);
    harness.telemetry.requests = { v1: 702, v2: 298 };
    const verified = await harness.reaches(change.id, 'verified');
    await first.stop();
    await second.stop();
    expect(verified.events.map(({ kind }) => kind)).toEqual([
      'requested',
      'applied',
      'observed',
      'verified',
    ]);
  });
});
