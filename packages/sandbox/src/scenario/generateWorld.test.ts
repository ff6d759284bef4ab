import { TrafficModel } from '../traffic/TrafficModel';
import { TrafficSource } from '../traffic/series/TrafficSource';
import { evaluatePromql } from '../prometheus/promql/evaluatePromql';
import { parsePromql } from '../prometheus/promql/parsePromql';
import { expandScenario } from './expandScenario';
import { generateWorld } from './generateWorld';
import { worldTimes } from './timeline';

describe('generateWorld', () => {
  it('makes N services with the pods asked for, all of them with traffic', () => {
    const now = Date.parse('2026-07-14T14:32:00Z');
    const scenario = generateWorld({ services: 60, podsPerService: 4 });
    const times = worldTimes(now, scenario.historyDays);
    const world = expandScenario(scenario, 'bench', times);
    const pods = world.objects.filter(
      ({ kind, metadata }) =>
        kind === 'Pod' && metadata.namespace?.startsWith('team-'),
    );
    expect(pods).toHaveLength(240);
    const model = new TrafficModel(world.plan, times.epoch);
    world.history.forEach(event => model.append(event));
    const value = evaluatePromql(
      parsePromql(
        'count(sum by (destination_app) (rate(istio_requests_total{reporter="destination"}[5m])) > 0)',
      ),
      new TrafficSource(model, () => now),
      { start: now, step: 1, count: 1 },
    );
    expect(value.type === 'vector' && value.series[0].values[0]).toBe(60);
  });
});
