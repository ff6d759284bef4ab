import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { evaluatePromql } from '../../prometheus/promql/evaluatePromql';
import { parsePromql } from '../../prometheus/promql/parsePromql';
import { expandScenario } from '../../scenario/expandScenario';
import { parseScenario } from '../../scenario/parseScenario';
import { worldTimes } from '../../scenario/timeline';
import { TrafficSource } from '../series/TrafficSource';
import { TrafficModel } from '../TrafficModel';

/** Start of the small world. */
export const NOW = Date.parse('2026-07-14T14:32:00Z');

export const SMALL = `
name: small
historyDays: 1
mesh: { rhythm: { daily: 0.05, jitter: 0.03 } }
clusters: [{ name: one }]
namespaces:
  - { name: shop, mesh: sidecar }
  - { name: outside, mesh: none }
workloads:
  - name: web
    namespace: shop
    versions: [{ version: v1, replicas: 2 }]
    sends:
      - { id: web, rate: 20, to: api.shop, port: 80 }
  - name: batch
    namespace: outside
    sends:
      - { id: batch, rate: 3, to: api.shop, port: 80 }
  - name: api
    namespace: shop
    ports: [{ name: http, port: 80, targetPort: 8080 }]
    versions:
      - { version: v1, replicas: 2 }
      - { version: v2, replicas: 1 }
    calls:
      - { to: store.shop, port: 80, perRequest: 0.5, failsWith: { code: '502' } }
  - name: store
    namespace: shop
    ports: [{ name: http, port: 80 }]
objects:
  - object:
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: api, namespace: shop }
      spec:
        host: api
        subsets:
          - { name: v1, labels: { version: v1 } }
          - { name: v2, labels: { version: v2 } }
  - object:
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: api, namespace: shop }
      spec:
        hosts: [api]
        http:
          - route:
              - { destination: { host: api, subset: v1 }, weight: 80 }
              - { destination: { host: api, subset: v2 }, weight: 20 }
`;

/** A world in memory with a clock that the test sets, and PromQL over it. */
export function smallWorld(yaml = SMALL) {
  const scenario = parseScenario(yaml, 'test');
  const times = worldTimes(NOW, scenario.historyDays);
  const world = expandScenario(scenario, scenario.clusters[0].name, times);
  const model = new TrafficModel(world.plan, times.epoch);
  world.history.forEach(event => model.append(event));
  const clock = { now: NOW };
  const source = new TrafficSource(model, () => clock.now);
  /** Values by the labels of the result, `a,b`. */
  const ask = (query: string, at = clock.now): Record<string, number> => {
    clock.now = Math.max(clock.now, at);
    const value = evaluatePromql(parsePromql(query), source, {
      start: at,
      step: 1,
      count: 1,
    });
    if (value.type !== 'vector') throw new Error('not a vector');
    return Object.fromEntries(
      value.series.map(({ labels, values }) => [
        Object.keys(labels)
          .sort()
          .map(name => labels[name])
          .join(','),
        values[0],
      ]),
    );
  };
  const find = (kind: string, name: string): KubeObject =>
    world.objects.find(
      object => object.kind === kind && object.metadata.name === name,
    )!;
  return { scenario, times, world, model, source, clock, ask, find };
}

/** The small world's VirtualService with other weights. */
export function weighted(
  object: KubeObject,
  v1: number,
  v2: number,
): KubeObject {
  return {
    ...object,
    spec: {
      hosts: ['api'],
      http: [
        {
          route: [
            { destination: { host: 'api', subset: 'v1' }, weight: v1 },
            { destination: { host: 'api', subset: 'v2' }, weight: v2 },
          ],
        },
      ],
    },
  };
}
