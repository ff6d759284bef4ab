import type { Rule } from '../../types';
import { canServe, listProviders, readProviderTypes } from './providers';

/** Source: istio/istio pilot/pkg/model/telemetry.go fetchProvider (1.31). */
export const telemetryUnknownProvider: Rule = {
  code: 'ISB1012',
  name: 'telemetry-unknown-provider',
  title: 'A Telemetry names a provider that the mesh does not have',
  severity: 'error',
  explanation:
    'Providers are declared in meshConfig.extensionProviders. One that is not there, or is made for something else, is left out: the traces, metrics or logs go nowhere.',
  remedy:
    'Name a provider of the mesh, or have the platform team declare this one.',
  equivalents: [],
  subjects: ['Telemetry'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    // Where meshConfig was not read nobody knows the providers.
    if (!snapshot.meshConfig) return [];
    const types = readProviderTypes(snapshot.meshConfig);
    return listProviders(subject).flatMap(({ name, section, path }) => {
      const type = types.get(name.toLowerCase());
      if (type !== undefined && canServe(type, section)) return [];
      return [
        {
          message:
            type === undefined
              ? `The mesh has no provider ${name}: ${section} of this Telemetry goes nowhere.`
              : `Provider ${name} is ${type}, which cannot do ${section}.`,
          path,
        },
      ];
    });
  },
};
