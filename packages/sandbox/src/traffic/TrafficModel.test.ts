import fc from 'fast-check';
import { NOW, SMALL, smallWorld, weighted } from './__fixtures__/smallWorld';
import type { HistoryEvent } from './types';

const MINUTE = 60_000;
const SPLIT =
  'sum by (destination_version) (increase(istio_requests_total{reporter="source",destination_app="api"}[5m]))';
const BY_REPORTER = (filter: string) =>
  `sum by (reporter) (istio_requests_total{${filter}})`;

describe('TrafficModel', () => {
  it('gives the same numbers for the same scenario, history and time', () => {
    const one = smallWorld();
    const two = smallWorld();
    for (const at of [NOW - 3 * 3_600_000, NOW - MINUTE, NOW]) {
      expect(two.ask('istio_requests_total', at)).toEqual(
        one.ask('istio_requests_total', at),
      );
    }
  });

  it('does not change the past when the world changes, and moves only from the change on', () => {
    const world = smallWorld();
    const query = `sum by (destination_version) (istio_requests_total{reporter="destination",destination_app="api",source_app="web"})`;
    const change = NOW + 10 * MINUTE;
    world.clock.now = NOW + 60 * MINUTE;
    const times = [-600, -60, 0, 300, 599, 600].map(s => NOW + s * 1000);
    const before = times.map(at => world.ask(query, at));
    world.model.append({
      at: change,
      applied: [weighted(world.find('VirtualService', 'api'), 0, 100)],
    });
    expect(times.map(at => world.ask(query, at))).toEqual(before);
    // A scrape interval later every pod has been scraped after the change.
    const at = world.ask(query, change + 5000);
    const after = world.ask(query, change + 10 * MINUTE);
    expect(after.v1 - at.v1).toBeLessThanOrEqual(1);
    expect(after.v2 - at.v2).toBeGreaterThan(10_000);
  });

  it('is the same whether events arrive one by one with questions between, or all at once', () => {
    const asked = smallWorld();
    const quiet = smallWorld();
    const events: HistoryEvent[] = [20, 55, 100].map((share, index) => ({
      at: NOW + (index + 1) * 2 * MINUTE,
      applied: [
        weighted(asked.find('VirtualService', 'api'), 100 - share, share),
      ],
    }));
    for (const event of events) {
      asked.model.append(event);
      asked.ask(SPLIT, event.at);
    }
    events.forEach(event => quiet.model.append(event));
    const end = NOW + 9 * MINUTE;
    expect(quiet.ask('istio_requests_total', end)).toEqual(
      asked.ask('istio_requests_total', end),
    );
  });

  it('splits by the weights in force', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), share => {
        const world = smallWorld();
        world.model.append({
          at: NOW,
          applied: [
            weighted(world.find('VirtualService', 'api'), 100 - share, share),
          ],
        });
        const { v1 = 0, v2 = 0 } = world.ask(SPLIT, NOW + 6 * MINUTE);
        const observed = v2 / (v1 + v2);
        expect(observed).toBeGreaterThanOrEqual(share / 100 - 0.03);
        expect(observed).toBeLessThanOrEqual(share / 100 + 0.03);
      }),
      { numRuns: 25 },
    );
  });

  it('counts the same requests at both ends of an edge', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 * 3600 }),
        fc.integer({ min: 0, max: 100 }),
        (seconds, share) => {
          const world = smallWorld();
          world.model.append({
            at: NOW + 1234,
            applied: [
              weighted(world.find('VirtualService', 'api'), 100 - share, share),
            ],
          });
          const at = NOW + seconds * 1000;
          for (const timeline of world.model.timelines()) {
            const pods = (role: 'client' | 'server') =>
              timeline
                .podsOf(role)
                .reduce(
                  (sum, pod) => sum + timeline.podCount(role, pod.name, at),
                  0,
                );
            const answered = timeline.podsOf('server').length > 0;
            const count = timeline.count(at);
            expect(pods('client')).toBe(count);
            expect(pods('server')).toBe(answered ? count : 0);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('never lets a counter or a bucket fall, and the last bucket is the count', () => {
    const world = smallWorld();
    world.model.append({
      at: NOW + 5 * MINUTE,
      applied: [weighted(world.find('VirtualService', 'api'), 30, 70)],
    });
    world.clock.now = NOW + 3600_000;
    const [timeline] = world.model.timelines();
    const [pod] = timeline.podsOf('client');
    const buckets = (at: number) =>
      Array.from({ length: 20 }, (_, index) =>
        timeline.podBucket(index, { role: 'client', pod: pod.name, at }),
      );
    const rows: number[][] = [];
    for (let at = NOW - 3600_000; at < NOW + 3600_000; at += 61_000) {
      const row = buckets(at);
      rows.push(row);
      expect(row).toEqual([...row].sort((a, b) => a - b));
      expect(row[19]).toBe(timeline.podCount('client', pod.name, at));
    }
    rows[0].forEach((_, index) => {
      const column = rows.map(row => row[index]);
      expect(column).toEqual([...column].sort((a, b) => a - b));
    });
  });

  it('makes no request slow by changing where requests go', () => {
    const world = smallWorld();
    const slow = (at: number) => {
      const upTo = (le: string) =>
        world.ask(
          `sum by (destination_app) (increase(istio_request_duration_milliseconds_bucket{reporter="destination",destination_app="api",le="${le}"}[1m]))`,
          at,
        ).api;
      return 1 - upTo('1000') / upTo('+Inf');
    };
    expect(slow(NOW)).toBeLessThan(0.01);
    for (let second = 0; second < 60; second += 1) {
      world.model.append({
        at: NOW + second * 1000,
        applied: [
          weighted(
            world.find('VirtualService', 'api'),
            50 + (second % 2),
            50 - (second % 2),
          ),
        ],
      });
    }
    expect(slow(NOW + MINUTE)).toBeLessThan(0.01);
  });

  it('lets clients outside the mesh spread by ready pods and shows them to the server only', () => {
    const { ask } = smallWorld();
    const filter = 'source_app="batch"';
    expect(Object.keys(ask(BY_REPORTER(filter)))).toEqual(['destination']);
    const split = ask(
      `sum by (destination_version) (increase(istio_requests_total{${filter}}[30m]))`,
    );
    expect(split.v2 / (split.v1 + split.v2)).toBeCloseTo(1 / 3, 1);
    expect(
      Object.keys(
        ask(
          `sum by (connection_security_policy,source_principal) (istio_requests_total{${filter}})`,
        ),
      ),
    ).toEqual(['none,unknown']);
  });

  it('calls such clients unknown where proxies cannot name them', () => {
    const { ask } = smallWorld(
      SMALL.replace('mesh: { rhythm', 'mesh: { peerDiscovery: false, rhythm'),
    );
    expect(
      Object.keys(
        ask(
          'count by (source_workload) (istio_requests_total{reporter="destination",connection_security_policy="none"})',
        ),
      ),
    ).toEqual(['unknown']);
  });

  it('refuses plaintext where the server is STRICT', () => {
    const world = smallWorld();
    world.model.append({
      at: NOW,
      applied: [
        {
          apiVersion: 'security.istio.io/v1',
          kind: 'PeerAuthentication',
          metadata: { name: 'default', namespace: 'shop' },
          spec: { mtls: { mode: 'STRICT' } },
        },
      ],
    });
    const increase = world.ask(
      'sum by (source_app) (increase(istio_requests_total{reporter="destination",destination_app="api"}[2m]))',
      NOW + 5 * MINUTE,
    );
    expect(increase.batch ?? 0).toBe(0);
    expect(increase.web).toBeGreaterThan(1000);
  });

  it('answers 503 UH when a version has no ready pod', () => {
    const world = smallWorld();
    const pod = world.world.objects.find(
      object =>
        object.kind === 'Pod' && object.metadata.name.startsWith('api-v2'),
    )!;
    world.model.append({
      at: NOW,
      applied: [
        {
          ...pod,
          status: {
            ...pod.status,
            conditions: [{ type: 'Ready', status: 'False' }],
          },
        },
      ],
    });
    const codes = world.ask(
      'sum by (destination_workload,response_code,response_flags) (increase(istio_requests_total{source_app="web"}[5m]))',
      NOW + 10 * MINUTE,
    );
    expect(codes['unknown,503,UH']).toBeGreaterThan(1000);
    expect(codes['api-v2,200,-'] ?? 0).toBe(0);
  });

  it('passes failures on to callers, as the call says', () => {
    const world = smallWorld();
    world.model.append({
      at: NOW,
      world: [
        {
          type: 'failure',
          rule: {
            to: 'shop/store',
            share: 0.2,
            code: '500',
            flags: '-',
            waitMs: 0,
          },
        },
      ],
    });
    const codes = world.ask(
      'sum by (destination_app,response_code) (increase(istio_requests_total{reporter="destination",source_principal!="unknown"}[5m]))',
      NOW + 10 * MINUTE,
    );
    const storeShare =
      codes['store,500'] / (codes['store,200'] + codes['store,500']);
    expect(storeShare).toBeCloseTo(0.2, 1);
    const apiShare = codes['api,502'] / (codes['api,200'] + codes['api,502']);
    expect(apiShare).toBeCloseTo(0.1, 1);
  });

  it('respects fault injection, at the source only', () => {
    const world = smallWorld();
    const virtualService = world.find('VirtualService', 'api');
    world.model.append({
      at: NOW,
      applied: [
        {
          ...virtualService,
          spec: {
            hosts: ['api'],
            http: [
              {
                fault: {
                  abort: { httpStatus: 418, percentage: { value: 25 } },
                },
                route: [{ destination: { host: 'api', subset: 'v1' } }],
              },
            ],
          },
        },
      ],
    });
    const codes = world.ask(
      'sum by (reporter,response_code,response_flags) (increase(istio_requests_total{source_app="web"}[5m]))',
      NOW + 10 * MINUTE,
    );
    const total = codes['source,418,FI'] + codes['source,200,-'];
    // Labels sort as reporter, response_code, response_flags.
    expect(codes['source,418,FI'] / total).toBeCloseTo(0.25, 1);
    expect(codes['destination,418,FI']).toBeUndefined();
  });

  it('follows the rate of a sender from the change on', () => {
    const world = smallWorld();
    world.model.append({
      at: NOW,
      world: [{ type: 'rate', sender: 'web', rate: 60 }],
    });
    const query =
      'sum(rate(istio_requests_total{reporter="source",source_app="web"}[5m]))';
    const before = world.ask(query, NOW)[''];
    const after = world.ask(query, NOW + 10 * MINUTE)[''];
    expect(before).toBeGreaterThan(17);
    expect(before).toBeLessThan(23);
    expect(after / before).toBeGreaterThan(2.7);
    expect(after / before).toBeLessThan(3.3);
  });

  it('has no samples after the present and none before the epoch', () => {
    const world = smallWorld();
    world.clock.now = NOW;
    expect(
      world.source.select(
        [{ label: '__name__', op: '=', value: 'up' }],
        NOW + 1,
        NOW + 3600_000,
      ),
    ).toEqual([]);
    expect(
      world.source.select(
        [{ label: '__name__', op: '=', value: 'istio_requests_total' }],
        0,
        world.times.epoch - 1,
      ),
    ).toEqual([]);
  });
});
