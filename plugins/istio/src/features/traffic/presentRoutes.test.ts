import { paymentsMesh } from '../../__testUtils__/fixtures';
import { presentRoutes } from './presentRoutes';

const split = paymentsMesh.split!;

describe('presentRoutes', () => {
  it('keeps the order in which the rules are tried', () => {
    const [group, ...others] = presentRoutes(split);
    expect(others).toEqual([]);
    expect(group.object?.name).toBe('payments');
    expect(group.rows.map(row => [row.number, row.name])).toEqual([
      [1, 'canary-header'],
      [2, 'primary'],
      [3, 'beta-users'],
    ]);
  });

  it('says where requests go and went', () => {
    const [, primary] = presentRoutes(split)[0].rows;
    expect(primary).toMatchObject({
      target: [
        { label: 'v1', share: '90 %' },
        { label: 'v2', share: '10 %' },
      ],
      observed: 'observed 89.4 % and 10.6 %',
      volume: { state: 'some', count: '1,950', rate: '6.5 req/s' },
    });
  });

  it('tells never reached from no requests from not known', () => {
    const states = (requests?: number) =>
      presentRoutes({
        ...split,
        routes: split.routes.map(route => ({ ...route, requests })),
      })[0].rows.map(row => row.volume.state);
    expect(states(0)).toEqual(['noRequests', 'noRequests', 'neverReached']);
    expect(states(undefined)).toEqual(['unknown', 'unknown', 'neverReached']);
  });

  it('separates clusters with different objects', () => {
    const groups = presentRoutes({
      ...split,
      routes: [
        ...split.routes,
        {
          ...split.routes[1],
          id: 'default/payments',
          name: undefined,
          object: undefined,
          fieldPath: undefined,
          clusters: ['staging'],
        },
      ],
    });
    expect(groups.map(group => group.clusters)).toEqual([
      ['prod-eu', 'prod-us'],
      ['staging'],
    ]);
    expect(groups[1].rows[0].name).toBe('Default');
  });

  it('words what is not a route', () => {
    const redirect = {
      ...split.routes[0],
      action: 'redirect' as const,
      actionText: 'Redirect to https',
      destinations: [],
    };
    const [group] = presentRoutes({ ...split, routes: [redirect] });
    expect(group.rows[0].target).toBe('Redirect to https');
  });
});
