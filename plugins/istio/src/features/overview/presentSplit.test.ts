import { paymentsMesh } from '../../__testUtils__/fixtures';
import { presentSplit } from './presentSplit';

const split = paymentsMesh.split!;

describe('presentSplit', () => {
  it('shows the primary route with configured and observed shares', () => {
    const summary = presentSplit(split);
    expect(
      summary.rows.map(row => [
        row.label,
        row.pods,
        row.configuredText,
        row.observedText,
      ]),
    ).toEqual([
      ['v1', '4 of 4 pods ready', '90 %', '89.4 %'],
      ['v2', '2 of 2 pods ready', '10 %', '10.6 %'],
    ]);
    expect(summary.verdict).toBe('inLine');
    expect(summary.otherRoutes).toBe(2);
  });

  it('names traffic that no proxy routes', () => {
    expect(presentSplit(split).remarks).toEqual([
      'Not counted: 100 requests from legacy-billing. No proxy routes them, so Kubernetes picks the pod.',
    ]);
  });

  it('says none, not zero, where nothing was observed', () => {
    const routes = split.routes.map(route => ({
      ...route,
      destinations: route.destinations.map(destination => ({
        ...destination,
        observed: undefined,
      })),
    }));
    expect(
      presentSplit({ ...split, routes }).rows.map(row => row.observedText),
    ).toEqual(['none', 'none']);
  });

  it('names a cluster that splits otherwise', () => {
    const primary = split.routes[1];
    const staging = {
      ...primary,
      id: 'VirtualService/payments/payments/http[0]',
      clusters: ['staging'],
      destinations: [{ ...primary.destinations[0], configured: 1 }],
    };
    const summary = presentSplit({
      ...split,
      routes: [...split.routes, staging],
      observed: { ...split.observed, notRouted: [] },
    });
    expect(summary.remarks).toEqual(['staging: v1 100 %']);
  });

  it('has no rows without a primary route', () => {
    const summary = presentSplit({ ...split, primaryRouteId: undefined });
    expect(summary.route).toBeUndefined();
    expect(summary.rows).toEqual([]);
    expect(summary.otherRoutes).toBe(3);
  });
});
