import { loadGoldenCases } from '../__testUtils__/goldenCases.testdata';

describe('whoMayCall', () => {
  it.each(
    loadGoldenCases('whoMayCall').map(test => [test.name, test] as const),
  )('%s', (_, test) => {
    const { summary, errors, worlds } = test.run();
    expect(summary).toMatchObject(test.expected);
    expect(errors).toEqual([]);
    expect(worlds[1]).toBe(worlds[0]);
  });
});
