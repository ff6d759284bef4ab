import type { SourceSeries } from '../../prometheus/promql/types';
import type { PodLife, TrafficModel } from '../TrafficModel';
import { CounterSeries, ScrapeTimes } from './CounterSeries';

const XDS_TYPES = ['cds', 'eds', 'lds', 'rds'];

const always = (times: ScrapeTimes) => (upTo: number) =>
  times.from <= Math.min(upTo, times.horizon.at) ? times.from : undefined;

/** A pod that runs a proxy istiod serves. */
export type ProxyOf = (pod: PodLife) => boolean;

/** `up` and what istiod says about itself and its proxies. */
export function controlPlaneSeries(
  model: TrafficModel,
  options: {
    timesOf: (pod: PodLife) => ScrapeTimes;
    targetLabels: (pod: PodLife) => Record<string, string>;
    hasProxy: ProxyOf;
  },
): SourceSeries[] {
  const { istioVersion } = model.plan;
  const pods = model.pods();
  const proxies = pods.filter(options.hasProxy);
  const build = (component: string) => ({
    component,
    tag: istioVersion,
  });
  const series: SourceSeries[] = proxies.flatMap(pod => {
    const times = options.timesOf(pod);
    const one = (labels: Record<string, string>) =>
      new CounterSeries(
        labels,
        options.targetLabels(pod),
        times,
        () => 1,
        always(times),
      );
    return [
      one({ __name__: 'up' }),
      one({ __name__: 'istio_build', ...build('proxy') }),
    ];
  });
  const istiods = pods.filter(pod => pod.app === 'istiod');
  for (const pod of istiods) {
    series.push(...istiodSeries(model, { pod, istiods, proxies, ...options }));
  }
  return series;
}

function istiodSeries(
  model: TrafficModel,
  options: {
    pod: PodLife;
    istiods: PodLife[];
    proxies: PodLife[];
    timesOf: (pod: PodLife) => ScrapeTimes;
    targetLabels: (pod: PodLife) => Record<string, string>;
  },
): SourceSeries[] {
  const { pod, istiods, proxies } = options;
  const times = options.timesOf(pod);
  const { istioVersion } = model.plan;
  const connected = (at: number) =>
    proxies.filter(
      proxy =>
        proxy.from <= at && (proxy.until === undefined || at < proxy.until),
    ).length / istiods.length;
  const pushes = (at: number, type: string) => {
    const changes = model.phases().filter(phase => phase.from <= at).length;
    const periodic = (at - model.epoch) / 1_800_000;
    const weight = type === 'eds' ? 2 : 1;
    return Math.floor((changes + periodic) * weight * connected(at));
  };
  const make = (
    labels: Record<string, string>,
    value: (at: number) => number,
  ) =>
    new CounterSeries(
      labels,
      options.targetLabels(pod),
      times,
      value,
      always(times),
    );
  return [
    make({ __name__: 'up' }, () => 1),
    make({ __name__: 'pilot_info', version: istioVersion }, () => 1),
    make(
      { __name__: 'istio_build', component: 'pilot', tag: istioVersion },
      () => 1,
    ),
    make({ __name__: 'pilot_xds', version: istioVersion }, connected),
    make({ __name__: 'pilot_total_xds_rejects' }, () => 0),
    ...XDS_TYPES.map(type =>
      make({ __name__: 'pilot_xds_pushes', type }, at => pushes(at, type)),
    ),
  ];
}
