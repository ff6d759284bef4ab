import {
  fieldsListOf,
  fieldsOf,
  isFields,
  listOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { memoizeByIdentity } from '../../../resources/memoize';
import type { KubeObject } from '../../../resources/types';

/** The three parts of a Telemetry. */
export const SECTIONS = ['metrics', 'tracing', 'accessLogging'] as const;
export type Section = (typeof SECTIONS)[number];

/** What each type of provider can do. Source: istio/api mesh/v1alpha1 config.proto ExtensionProvider. */
const CAPABILITIES: Readonly<Record<string, readonly Section[]>> = {
  prometheus: ['metrics'],
  stackdriver: ['metrics', 'tracing', 'accessLogging'],
  envoyFileAccessLog: ['accessLogging'],
  envoyHttpAls: ['accessLogging'],
  envoyTcpAls: ['accessLogging'],
  envoyOtelAls: ['accessLogging'],
  zipkin: ['tracing'],
  lightstep: ['tracing'],
  datadog: ['tracing'],
  opencensus: ['tracing'],
  skywalking: ['tracing'],
  opentelemetry: ['tracing'],
};

/** Those that every mesh has. Source: istio/istio pkg/config/mesh DefaultMeshConfig. */
const BUILT_IN: Readonly<Record<string, string>> = {
  prometheus: 'prometheus',
  stackdriver: 'stackdriver',
  envoy: 'envoyFileAccessLog',
};

/** Types of the mesh's providers by name in lower case: names know no case. */
export const readProviderTypes = memoizeByIdentity(
  (meshConfig: Fields): ReadonlyMap<string, string> => {
    const types = new Map(Object.entries(BUILT_IN));
    for (const provider of fieldsListOf(meshConfig.extensionProviders)) {
      const name = textOf(provider.name);
      const type = Object.keys(provider).find(
        key => key !== 'name' && isFields(provider[key]),
      );
      if (name) types.set(name.toLowerCase(), type ?? '');
    }
    return types;
  },
);

/** Whether a provider of that type serves the section; a type that this release does not know may. */
export function canServe(type: string, section: Section): boolean {
  return CAPABILITIES[type]?.includes(section) ?? true;
}

/** A provider that a Telemetry names. */
export interface NamedProvider {
  name: string;
  section: Section;
  /** `spec.tracing[0].providers[0]` */
  path: string;
}

export function listProviders(telemetry: KubeObject): NamedProvider[] {
  const spec = fieldsOf(telemetry.spec);
  return SECTIONS.flatMap(section =>
    fieldsListOf(spec[section]).flatMap((entry, index) =>
      fieldsListOf(entry.providers).flatMap((provider, position) => {
        const name = textOf(provider.name);
        return name
          ? [
              {
                name,
                section,
                path: `spec.${section}[${index}].providers[${position}]`,
              },
            ]
          : [];
      }),
    ),
  );
}

/** Names of `meshConfig.defaultProviders.accessLogging`. */
export function hasDefaultLogging(meshConfig: Fields): boolean {
  return listOf(fieldsOf(meshConfig.defaultProviders).accessLogging).length > 0;
}
