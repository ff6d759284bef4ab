import type { Rule } from '../../types';
import { listProviders, readProviderTypes } from './providers';

/** Source: istio/istio analyzers/telemetry/lightstep.go. */
export const telemetryLightstep: Rule = {
  code: 'ISB1013',
  name: 'telemetry-lightstep-provider',
  title: 'A Telemetry traces to a provider of the deprecated Lightstep type',
  severity: 'warning',
  explanation:
    'Istio keeps the Lightstep provider only until it is removed; traces of these workloads stop with that release.',
  remedy:
    'Trace to a provider of the OpenTelemetry type, which Lightstep receives too.',
  equivalents: ['IST0002'],
  subjects: ['Telemetry'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const types = snapshot.meshConfig && readProviderTypes(snapshot.meshConfig);
    return listProviders(subject)
      .filter(
        ({ name, section }) =>
          section === 'tracing' &&
          types?.get(name.toLowerCase()) === 'lightstep',
      )
      .map(({ name, path }) => ({
        message: `Provider ${name} is of the deprecated Lightstep type.`,
        path,
      }));
  },
};
