import type { GoldenSignals } from '@istio-backstage/plugin-istio-common';
import { paymentsMesh, paymentsSignals } from '../../__testUtils__/fixtures';
import { findOnset, presentSignals } from './presentSignals';

const thresholds = paymentsMesh.health!.thresholds;

const withErrors = (values: (number | null)[]): GoldenSignals => ({
  ...paymentsSignals,
  changes: [],
  signals: [
    {
      signal: 'errors',
      unit: 'share',
      points: values.map((value, index) => [1_784_000_000 + index * 60, value]),
    },
  ],
});

describe('presentSignals', () => {
  it('orders, names and formats', () => {
    const rows = presentSignals(
      { ...paymentsSignals, signals: [...paymentsSignals.signals].reverse() },
      thresholds,
    );
    expect(rows.map(row => [row.name, row.before, row.now])).toEqual([
      ['Rate', '6.9', '6.8'],
      ['Errors', '0.0 %', '2.0 %'],
      ['p50', '36 ms', '38 ms'],
      ['p95', '190 ms', '210 ms'],
      ['p99', '340 ms', '2.04 s'],
    ]);
  });

  it('calls only what has a threshold alarming', () => {
    const alarming = (rows: ReturnType<typeof presentSignals>) =>
      rows.filter(row => row.alarming).map(row => row.signal);
    expect(alarming(presentSignals(paymentsSignals, thresholds))).toEqual([
      'errors',
    ]);
    expect(
      alarming(
        presentSignals(paymentsSignals, {
          ...thresholds,
          latencyP99Ms: { degraded: 1000, failing: 5000 },
        }),
      ),
    ).toEqual(['errors', 'p99']);
    expect(alarming(presentSignals(paymentsSignals))).toEqual([]);
  });

  it('says none where there is no value', () => {
    const [row] = presentSignals(withErrors([]), thresholds);
    expect(row).toMatchObject({ before: 'none', now: 'none', alarming: false });
  });
});

describe('findOnset', () => {
  it('finds the start and the change just before', () => {
    expect(findOnset(paymentsSignals, thresholds)).toEqual({
      since: '2026-07-14T14:22:00.000Z',
      after: paymentsSignals.changes[0],
      secondsAfter: 60,
    });
  });

  it('does not count an earlier burst that ended', () => {
    const onset = findOnset(
      withErrors([0, 0.5, 0, 0, null, 0.05, null, 0.06]),
      thresholds,
    );
    expect(onset).toEqual({
      since: new Date((1_784_000_000 + 5 * 60) * 1000).toISOString(),
      after: undefined,
      secondsAfter: undefined,
    });
  });

  it.each([
    ['it is not above now', [0, 0.5, 0]],
    ['it was above all the time', [0.5, 0.5]],
    ['nothing was measured', [null, null]],
  ])('says nothing when %s', (_, values) => {
    expect(findOnset(withErrors(values), thresholds)).toBeUndefined();
  });
});
