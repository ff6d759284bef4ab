import { atRate, oneByOne } from './paceRequests';

describe('atRate', () => {
  it('counts a stall for every call that should have begun meanwhile', async () => {
    let free = Promise.resolve();
    const samples = await atRate({ count: 20, perSecond: 200 }, async index => {
      if (index === 0) {
        free = new Promise(resolve => {
          setTimeout(resolve, 60);
        });
      }
      await free;
    });
    expect(samples).toHaveLength(20);
    // Due at 0, 5, 10 ms ..., all held until 60 ms: the earlier due, the longer it took.
    expect(samples[0]).toBeGreaterThanOrEqual(55);
    expect(samples[4]).toBeGreaterThanOrEqual(35);
    expect(samples[4]).toBeLessThan(samples[0]);
  });

  it('fails when a call fails', async () => {
    await expect(
      atRate({ count: 3, perSecond: 1_000 }, async index => {
        if (index === 1) throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
  });
});

describe('oneByOne', () => {
  it('begins a call when the one before has ended', async () => {
    let running = 0;
    const samples = await oneByOne(3, async index => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
      return { ms: index };
    });
    expect(samples).toEqual([0, 1, 2]);
  });
});
