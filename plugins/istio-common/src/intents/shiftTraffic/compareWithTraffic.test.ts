import { compareWithTraffic } from './compareWithTraffic';

const versions = [
  { key: 'v1', label: 'v1', before: 0.8, after: 0.7 },
  { key: 'v2', label: 'v2', before: 0.2, after: 0.3 },
  { key: 'v3', label: 'v3', before: 0, after: 0 },
];

const compare = (
  v1: number,
  v2: number,
  v3 = 0,
  shares: typeof versions = versions,
) =>
  compareWithTraffic({
    versions: shares,
    minimumRequests: 50,
    observed: [
      { key: 'v1', requests: v1 },
      { key: 'v2', requests: v2 },
      { key: 'v3', requests: v3 },
    ],
  });

describe('compareWithTraffic', () => {
  it('sees the new shares and names what grew', () => {
    expect(compare(702, 298)).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: v2 29.8 %',
    });
  });

  it.each([
    ['too few requests', 8, 4, 0, /^12 requests since, 50 are needed/],
    ['the old shares', 800, 200, 0, /does not follow: v2 20\.0 % of 1,000/],
    ['a version that must get none', 600, 300, 100, /does not follow/],
    ['shares in between', 750, 250, 0, /does not follow/],
  ])('does not take %s for proof', (_, v1, v2, v3, why) => {
    expect(compare(v1, v2, v3)).toEqual({
      verdict: 'wait',
      why: expect.stringMatching(why),
    });
  });

  it('does not take counts that fit old and new shares for proof', () => {
    const small = [
      { key: 'v1', label: 'v1', before: 0.8, after: 0.79 },
      { key: 'v2', label: 'v2', before: 0.2, after: 0.21 },
    ];
    expect(compare(79, 21, 0, small)).toEqual({
      verdict: 'wait',
      why: '100 requests do not tell the new shares from the old ones',
    });
    expect(compare(79_000, 21_000, 0, small)).toMatchObject({
      verdict: 'verified',
    });
  });

  it('counts requests of versions the change does not name as not following', () => {
    expect(
      compareWithTraffic({
        versions,
        minimumRequests: 50,
        observed: [
          { key: 'v1', requests: 350 },
          { key: 'v2', requests: 150 },
          { key: 'v9', requests: 500 },
        ],
      }),
    ).toMatchObject({ verdict: 'wait' });
  });

  it('never verifies without a single request', () => {
    expect(
      compareWithTraffic({ versions, observed: [], minimumRequests: 0 }),
    ).toMatchObject({ verdict: 'wait' });
  });
});
