import { componentList } from '../../__testUtils__/fixtures';
import { presentCounts, presentSummary } from './presentSummary';

const [payments, reviews, legacy] = componentList.items;

describe('presentSummary', () => {
  it('shows a degraded component with its cause and split', () => {
    const row = presentSummary(payments);
    expect(row).toMatchObject({
      title: 'payments',
      kind: 'service, sidecar',
      status: 'degraded',
      rate: '6.8',
      encrypted: '83.9 %',
      modes: 'differs by port',
      split: [
        { label: 'v1', configured: '90 %', observed: '89.4 %' },
        { label: 'v2', configured: '10 %', observed: '10.6 %' },
      ],
      splitNote: undefined,
    });
    expect(row.cause[0].text).toBe('3.2 % of requests from ');
  });

  it('starts the cause after the status, with a capital', () => {
    const cause = (...texts: string[]) =>
      presentSummary({
        ...reviews,
        cause: texts.map(text => ({ text })),
      }).cause.map(part => part.text);
    expect(cause('Healthy: ', 'no failed request in 5 min.')).toEqual([
      'No failed request in 5 min.',
    ]);
    expect(cause('Some other sentence.')).toEqual(['Some other sentence.']);
    expect(
      presentSummary({
        ...reviews,
        cause: [
          { text: 'Healthy: ' },
          {
            text: 'checkout',
            workload: { namespace: 'storefront', name: 'checkout' },
          },
          { text: ' calls it.' },
        ],
      }).cause[0].text,
    ).toBe('checkout');
  });

  it('keeps stale clusters apart', () => {
    expect(presentSummary(reviews)).toMatchObject({
      clusters: ['prod-eu'],
      staleClusters: ['staging'],
      split: [],
      splitNote: 'one version',
    });
  });

  it('calls what no proxy sees outside the mesh, and its values unknown', () => {
    expect(presentSummary(legacy)).toMatchObject({
      status: 'outsideMesh',
      rate: 'none',
      encrypted: 'Unknown',
      modes: 'no proxy',
      splitNote: 'not routed',
    });
  });

  it('counts statuses, worst first, and leaves out those that do not occur', () => {
    expect(presentCounts({ healthy: 4, degraded: 2, unknown: 0 })).toEqual([
      { status: 'all', count: 6 },
      { status: 'degraded', count: 2, value: 'degraded' },
      { status: 'healthy', count: 4, value: 'healthy' },
    ]);
  });
});
