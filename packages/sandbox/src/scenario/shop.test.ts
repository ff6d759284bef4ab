import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { evaluatePromql } from '../prometheus/promql/evaluatePromql';
import { parsePromql } from '../prometheus/promql/parsePromql';
import { TrafficSource } from '../traffic/series/TrafficSource';
import { TrafficModel } from '../traffic/TrafficModel';
import { expandScenario } from './expandScenario';
import { loadScenario } from './loadScenario';
import { worldTimes } from './timeline';

const NOW = Date.parse('2026-07-14T14:32:00Z');
const scenario = loadScenario('shop');
const times = worldTimes(NOW, scenario.historyDays);

const worlds = scenario.clusters.map(({ name }) => {
  const world = expandScenario(scenario, name, times);
  const model = new TrafficModel(world.plan, times.epoch);
  world.history.forEach(event => model.append(event));
  return { name, world, source: new TrafficSource(model, () => NOW) };
});

/** Sum over clusters. */
function total(query: string, clusters = ['prod-eu', 'prod-us']): number {
  return worlds
    .filter(({ name }) => clusters.includes(name))
    .map(({ source }) => {
      const value = evaluatePromql(parsePromql(query), source, {
        start: NOW,
        step: 1,
        count: 1,
      });
      return value.type === 'vector' ? value.series[0]?.values[0] ?? 0 : NaN;
    })
    .reduce((sum, value) => sum + value, 0);
}

const inbound = (app: string, more = '') =>
  `sum(increase(istio_requests_total{reporter="destination",destination_app="${app}"${more}}[5m]))`;

describe('the shop', () => {
  it('has at least 12 services, 4 namespaces, 4 teams, 3 clusters', () => {
    expect(scenario.workloads.length).toBeGreaterThanOrEqual(12);
    expect(scenario.namespaces.length).toBeGreaterThanOrEqual(4);
    expect(scenario.teams.length).toBeGreaterThanOrEqual(4);
    expect(scenario.clusters).toHaveLength(3);
  });

  it.each([
    ['storefront', 41.3],
    ['catalog', 32],
    ['reviews', 24],
    ['ratings', 4.9],
    ['checkout', 5.5],
    ['payments', 6.8],
  ])('%s takes about %d requests per second', (app, rate) => {
    const observed = total(inbound(app)) / 300;
    expect(observed).toBeGreaterThan(rate * 0.9);
    expect(observed).toBeLessThan(rate * 1.1);
  });

  it('splits reviews about 80 / 20 / 0', () => {
    const all = total(inbound('reviews'));
    const share = (version: string) =>
      total(inbound('reviews', `,destination_version="${version}"`)) / all;
    expect(share('v1')).toBeCloseTo(0.8, 1);
    expect(share('v2')).toBeCloseTo(0.2, 1);
    expect(share('v3')).toBe(0);
  });

  it('spreads inventory over its pods, because nothing routes it', () => {
    const share = (cluster: string) =>
      total(inbound('inventory', ',destination_version="v2"'), [cluster]) /
      total(inbound('inventory'), [cluster]);
    expect(share('prod-eu')).toBeCloseTo(1 / 3, 1);
    expect(share('prod-us')).toBeCloseTo(1 / 3, 1);
    expect(share('staging')).toBeCloseTo(1 / 2, 1);
    for (const { world } of worlds) {
      const routing = world.objects.filter(
        ({ apiVersion }) =>
          apiVersion.startsWith('networking.istio.io/') ||
          apiVersion.startsWith('gateway.networking.k8s.io/'),
      );
      expect(routing).not.toHaveLength(0);
      expect(JSON.stringify(routing)).not.toContain('inventory');
    }
  });

  it('lets about 3.2 % of requests from checkout to payments fail with 503, all from v2', () => {
    const from = ',source_app="checkout"';
    const failed = `${from},response_code="503"`;
    const share =
      total(inbound('payments', failed)) / total(inbound('payments', from));
    expect(share).toBeGreaterThan(0.025);
    expect(share).toBeLessThan(0.04);
    expect(
      total(inbound('payments', `${failed},destination_version!="v2"`)),
    ).toBe(0);
    const checkout = ',response_code="502"';
    const passedOn =
      total(inbound('checkout', checkout)) / total(inbound('checkout'));
    expect(passedOn).toBeGreaterThan(0.02);
    expect(passedOn).toBeLessThan(0.033);
  });

  it('had no failures of payments before v2 took traffic', () => {
    expect(
      total(
        'sum(increase(istio_requests_total{destination_app="payments",response_code="503"}[1h] offset 12m))',
      ),
    ).toBe(0);
  });

  it('shows catalog and legacy-billing as the plaintext callers of payments', () => {
    const plain = (app: string) =>
      total(
        inbound(
          'payments',
          `,source_app="${app}",connection_security_policy="none"`,
        ),
      );
    expect(plain('catalog')).toBeGreaterThan(150);
    expect(plain('legacy-billing')).toBeGreaterThan(70);
    expect(plain('checkout')).toBe(0);
  });

  it('fails nowhere else', () => {
    expect(
      total(
        'sum(increase(istio_requests_total{reporter="source",response_code!~"200|502|503|0"}[30m]))',
        worlds.map(({ name }) => name),
      ),
    ).toBe(0);
    expect(
      total(
        'sum(increase(istio_requests_total{reporter="source",response_flags=~"N.|U."}[7d]))',
        worlds.map(({ name }) => name),
      ),
    ).toBe(0);
  });

  it('reports the ambient namespace by waypoint and ztunnel', () => {
    expect(
      total(
        'sum(increase(istio_requests_total{reporter="waypoint",destination_app="insights-api"}[5m]))',
      ),
    ).toBeGreaterThan(500);
    expect(
      total(
        'sum(increase(istio_tcp_connections_opened_total{reporter="destination",destination_app="insights-api",connection_security_policy="mutual_tls"}[5m]))',
      ),
    ).toBeGreaterThan(10);
  });

  it('gives every cluster its own objects with past times and owners of fields', () => {
    for (const { world } of worlds) {
      const reviews = world.objects.find(
        ({ kind, metadata }) =>
          kind === 'VirtualService' && metadata.name === 'reviews',
      )!;
      const [entry] = reviews.metadata.managedFields!;
      expect(entry.manager).toBe('kubectl-client-side-apply');
      expect(entry.time).toBe('2026-07-13T16:32:00Z');
      expect(Date.parse(reviews.metadata.creationTimestamp!)).toBeLessThan(NOW);
    }
  });
});

describe('the catalog of the demo portal', () => {
  const folder = resolve(__dirname, '../../catalog');
  const entities = readdirSync(folder).flatMap(file =>
    (
      loadAll(readFileSync(resolve(folder, file), 'utf8')) as KubeObject[]
    ).filter(Boolean),
  );
  const ofKind = (kind: string) =>
    entities.filter(entity => entity.kind === kind);
  const names = (kind: string) =>
    ofKind(kind).map(entity => entity.metadata.name);

  it('names owners, members and systems that exist', () => {
    const groups = new Set(names('Group'));
    for (const entity of [...ofKind('Component'), ...ofKind('API')]) {
      expect(groups).toContain(
        String(entity.spec?.owner).replace('group:default/', ''),
      );
      expect(names('System')).toContain(entity.spec?.system);
    }
    for (const user of ofKind('User')) {
      for (const group of user.spec?.memberOf as string[]) {
        expect(groups).toContain(group);
      }
    }
  });

  it('has the people and teams of the scenario', () => {
    for (const team of scenario.teams) {
      for (const member of team.members) {
        const user = ofKind('User').find(one => one.metadata.name === member);
        expect(user?.spec?.memberOf).toContain(team.name);
      }
    }
  });

  it('leads every annotated component to pods, and leaves brand-site without annotation', () => {
    const pods = worlds[0].world.objects.filter(({ kind }) => kind === 'Pod');
    const [bare, annotated] = [false, true].map(wanted =>
      ofKind('Component').filter(
        ({ metadata }) => (metadata.annotations !== undefined) === wanted,
      ),
    );
    expect(bare.map(({ metadata }) => metadata.name)).toEqual(['brand-site']);
    for (const { metadata } of annotated) {
      const { annotations = {} } = metadata;
      const [key, value] =
        annotations['backstage.io/kubernetes-label-selector'].split('=');
      expect(
        pods.filter(
          pod =>
            pod.metadata.labels?.[key] === value &&
            pod.metadata.namespace ===
              annotations['backstage.io/kubernetes-namespace'],
        ),
      ).not.toHaveLength(0);
    }
  });
});
