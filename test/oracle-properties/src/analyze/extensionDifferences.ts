import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { World } from '../world/World';
import type { Difference } from './differences';
import { carries, isPlanned, type Labels, listOf, routingOf } from './facts';

interface ExtensionSpec {
  selector?: { matchLabels?: Labels };
  targetRefs?: object[];
  accessLogging?: { providers?: { name?: string }[] }[];
  configPatches?: {
    match?: { proxy?: { proxyVersion?: string } };
    patch?: { value?: { name?: string } };
  }[];
}

const specOf = ({ spec }: KubeObject) => (spec ?? {}) as ExtensionSpec;

const labelsOf = (object: KubeObject): Labels =>
  specOf(object).selector?.matchLabels ?? {};

const patchesOf = (object: KubeObject) => specOf(object).configPatches ?? [];

/** The other Telemetries of the namespaces. */
const telemetriesOf = (
  world: World,
  of: { but: KubeObject; namespaces: readonly (string | undefined)[] },
) =>
  listOf(world, 'Telemetry').filter(
    other =>
      other !== of.but && of.namespaces.includes(other.metadata.namespace),
  );

/** Whether it is for all workloads of its namespace. */
const isDefault = (object: KubeObject) =>
  Object.keys(labelsOf(object)).length === 0 &&
  (specOf(object).targetRefs ?? []).length === 0;

/** What istioctl and our rules say differently of Telemetries, WasmPlugins and EnvoyFilters. */
export const aboutExtensions: readonly Difference[] = [
  {
    meaning: 'IST0101 Telemetry selector',
    only: 'ours',
    reason: 'istioctl asks of no other kind whether anything is selected',
    applies: ({ kind }) => kind !== 'Telemetry',
  },
  {
    meaning: 'IST0101 Telemetry selector',
    only: 'istioctl',
    reason: 'a Telemetry may be for a Deployment whose pods are not there yet',
    applies: (object, world) =>
      isPlanned(world, labelsOf(object), object.metadata.namespace),
  },
  ...['IST0110', 'IST0159'].map(
    (meaning): Difference => ({
      meaning,
      only: 'istioctl',
      reason: 'a pod that ztunnel serves has no sidecar that two could set',
      applies: (object, world) =>
        world.objects.some(
          ({ kind, metadata }) =>
            kind === 'Pod' &&
            metadata.namespace === object.metadata.namespace &&
            metadata.annotations?.['ambient.istio.io/redirection'] ===
              'enabled' &&
            carries(metadata.labels, {
              ...labelsOf(object),
              ...routingOf(object).workloadSelector?.labels,
            }),
        ),
    }),
  ),
  ...(
    [
      ['IST0151', 'istioctl'],
      ['IST0155', 'ours'],
    ] as const
  ).map(
    ([meaning, only]): Difference => ({
      meaning,
      only,
      reason:
        'istioctl compares with the patches that it saw before, in whatever order; we with all',
      applies: (object, world) =>
        listOf(world, 'EnvoyFilter').some(other =>
          patchesOf(other).some(
            ({ match, patch }) =>
              match?.proxy?.proxyVersion &&
              patchesOf(object).some(
                own =>
                  own.patch !== patch &&
                  own.patch?.value?.name === patch?.value?.name,
              ),
          ),
        ),
    }),
  ),
  ...(
    [
      ['IST0155', 'istioctl'],
      ['IST0151', 'ours'],
    ] as const
  ).map(
    ([meaning, only]): Difference => ({
      meaning,
      only,
      reason: 'istioctl takes patches that name no filter for ones of the same',
      applies: object =>
        patchesOf(object).some(({ patch }) => !patch?.value?.name),
    }),
  ),
  {
    meaning: 'IST0157',
    only: 'istioctl',
    reason:
      'the provider of the mesh’s or the namespace’s own Telemetry is inherited',
    applies: (object, world) =>
      telemetriesOf(world, {
        but: object,
        namespaces: ['istio-system', object.metadata.namespace],
      }).some(
        other =>
          isDefault(other) &&
          (specOf(other).accessLogging ?? []).some(
            ({ providers = [] }) => providers.length > 0,
          ),
      ),
  },
  {
    meaning: 'IST0160',
    only: 'istioctl',
    reason: 'a Telemetry with targets is for these, not for the namespace',
    applies: (object, world) =>
      !isDefault(object) ||
      !telemetriesOf(world, {
        but: object,
        namespaces: [object.metadata.namespace],
      }).some(isDefault),
  },
  {
    meaning: 'IST0160',
    only: 'ours',
    reason: 'a selector without labels is none to istiod, but one to istioctl',
    applies: (object, world) =>
      [
        object,
        ...telemetriesOf(world, {
          but: object,
          namespaces: [object.metadata.namespace],
        }),
      ].some(each => isDefault(each) && specOf(each).selector !== undefined),
  },
];
