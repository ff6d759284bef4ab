import type { ChangeHarness } from './__testUtils__/ChangeHarness';
import { useMesh } from './__testUtils__/useMesh';

jest.setTimeout(30_000);

const HALF = [30, 70, 0];
const FREEZE = {
  name: 'Sale',
  timeZone: 'UTC',
  when: { from: '2000-01-01T00:00', to: '2999-01-01T00:00' },
};

async function breakGlass(harness: ChangeHarness, by = 'mira.kovac') {
  const request = await harness.request(HALF, { by });
  return harness.service.submit(
    { ...request, breakGlass: true, reason: 'Checkout is down' },
    harness.as(by),
  );
}

describe('an emergency', () => {
  const open = useMesh();

  async function frozen() {
    const opened = await open();
    opened.harness.freezeWindows = [FREEZE];
    await opened.harness.open({});
    return opened;
  }

  it('goes past approval and freeze, and says so in the record', async () => {
    const { harness, mesh } = await frozen();
    const change = await breakGlass(harness);
    expect(change).toMatchObject({
      state: 'applied',
      breakGlass: { reviewBy: expect.any(String) },
    });
    expect(change.approval).toBeUndefined();
    expect(mesh.weights('prod-eu')).toEqual(HALF);
    expect(
      change.guardrails.filter(({ text }) => text.includes('passed over')),
    ).toMatchObject([
      { policy: 'weight-step', verdict: 'warn' },
      { policy: 'freeze-window', verdict: 'warn' },
    ]);
    const [intent] = await harness.auditLog.list({ opIds: [change.id] });
    expect(intent).toMatchObject({
      kind: 'intent',
      payload: { breakGlass: { reviewBy: expect.any(Number) } },
      event: { text: 'Requested in an emergency, past approval and freezes' },
    });
  });

  it('needs its own permission, for the preview too', async () => {
    const { harness, mesh } = await frozen();
    harness.decide = (_, permission) =>
      permission !== 'istio.change.breakGlass';
    await expect(breakGlass(harness)).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('istio.change.breakGlass'),
    });
    const { entityRef, intent } = await harness.request(HALF);
    await expect(
      harness.service.preview(
        { entityRef, intent, breakGlass: true },
        harness.as('mira.kovac'),
      ),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(mesh.writes).toEqual([]);
    expect((await harness.all())[0].state).toBe('denied');
  });

  it('waits in the queue for a review by somebody else, once', async () => {
    const { harness } = await frozen();
    const change = await breakGlass(harness);
    const queueOf = (who: string) => harness.approvals.list(harness.as(who));
    expect(await queueOf('mira.kovac')).toEqual({ items: [], waitingForMe: 0 });
    expect(await queueOf('paul.adeyemi')).toMatchObject({
      waitingForMe: 1,
      items: [{ role: 'reviewer', change: { id: change.id } }],
    });
    const review = (who: string) =>
      harness.approvals.review(
        change.id,
        { verdict: 'accepted', reason: 'It was down indeed' },
        harness.as(who),
      );
    // The second is the first under another name of the portal.
    for (const who of ['mira.kovac', 'mira.admin']) {
      await expect(review(who)).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    expect(await review('paul.adeyemi')).toMatchObject({
      breakGlass: {
        review: {
          by: 'user:default/paul.adeyemi',
          verdict: 'accepted',
          reason: 'It was down indeed',
        },
      },
    });
    await expect(review('dan.osei')).rejects.toMatchObject({
      name: 'ConflictError',
    });
    expect(await queueOf('paul.adeyemi')).toEqual({
      items: [],
      waitingForMe: 0,
    });
  });
});
