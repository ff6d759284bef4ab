import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { authzWorlds } from '../authz/worlds';
import { mtlsWorlds } from '../mtls/worlds';
import { compact, pick, PODS, rarely, services } from '../route/base';
import { httpRoutes } from '../route/gatewayApiHttp';
import { grpcRoutes } from '../route/gatewayApiOthers';
import { kubernetesGateway, referenceGrants } from '../route/gatewayApiParts';
import { boundVirtualServices, gateways, PROXIES } from '../route/gatewayParts';
import {
  destinationRules,
  serviceEntries,
  sidecars,
} from '../route/surroundings';
import { delegates, virtualServices } from '../route/virtualServices';
import { withoutInvalid, World } from '../world/World';
import {
  envoyFilters,
  policies,
  refusedObjects,
  telemetries,
  wasmPlugins,
} from './extensions';
import {
  claimRoutes,
  oddDestinationRules,
  oddServiceEntries,
  oddSidecars,
  oddVirtualServices,
  withStatus,
} from './routing';
import {
  deployments,
  markedPods,
  markedServices,
  namespaces,
  oddServices,
} from './surroundings';

/** What the mesh's owner may have set of what the analyzers read. */
const meshConfig: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .record({
    defaultProviders: rarely(fc.constant({ accessLogging: ['envoy'] }), 4),
    extensionProviders: rarely(
      fc.constant([
        {
          name: 'light',
          lightstep: {
            service: 'ext.example.com',
            port: 443,
            accessToken: 'x',
          },
        },
        { name: 'zipkin', zipkin: { service: 'ext.example.com', port: 80 } },
      ]),
      2,
    ),
    defaultConfig: rarely(
      pick<object>(
        { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
        {
          proxyMetadata: {
            ISTIO_META_DNS_CAPTURE: 'true',
            ISTIO_META_DNS_AUTO_ALLOCATE: 'true',
          },
        },
      ),
      6,
    ),
  })
  .map(compact);

const none = fc.constant<KubeObject[]>([]);

/** Half of the time, so that worlds stay small. */
const half = (objects: fc.Arbitrary<KubeObject[]>) => fc.oneof(none, objects);

/** A part of the worlds that routes are asked of, beside what makes istioctl's analyzers look. */
const routing = fc.tuple(
  markedPods(PODS),
  markedServices(services),
  half(oddServices),
  half(virtualServices()),
  half(delegates),
  half(oddVirtualServices),
  half(destinationRules),
  half(oddDestinationRules),
  half(serviceEntries),
  half(oddServiceEntries),
  half(fc.oneof(sidecars, oddSidecars)),
);

const atGateways = fc.oneof(
  none,
  fc
    .tuple(
      fc.oneof(none, fc.constant([...PROXIES])),
      gateways,
      half(boundVirtualServices),
    )
    .map(lists => lists.flat()),
  fc
    .tuple(
      fc.constant([...PROXIES]),
      withStatus(kubernetesGateway.map(object => [object])),
      withStatus(httpRoutes('gateway')),
      withStatus(httpRoutes('mesh')),
      withStatus(grpcRoutes('gateway')),
      referenceGrants,
    )
    .map(lists => lists.flat()),
);

const secured = fc.oneof(
  none,
  authzWorlds.map(({ world }) => [...world.objects]),
  mtlsWorlds.map(({ world }) => [...world.objects]),
);

/** Whole small meshes with as much wrong in them as the analyzers look for. */
export const analyzeWorlds: fc.Arbitrary<World> = fc
  .record({
    parts: fc.tuple(
      namespaces,
      routing.map(lists => lists.flat()),
      atGateways,
      secured,
      half(policies),
      half(telemetries),
      half(envoyFilters),
      half(wasmPlugins),
      half(deployments),
      fc.oneof({ weight: 4, arbitrary: none }, claimRoutes),
    ),
    refused: fc.oneof({ weight: 4, arbitrary: none }, refusedObjects),
    meshConfig,
  })
  .map(({ parts, refused, meshConfig: config }) => ({
    objects: [...withoutInvalid(withNamesOnce(parts.flat())), ...refused],
    meshConfig: config,
  }));

/** Parts made on their own may name two objects alike; a cluster holds one. */
function withNamesOnce(objects: readonly KubeObject[]): KubeObject[] {
  const byName = new Map<string, KubeObject>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const key = `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${
      metadata.name
    }`;
    if (!byName.has(key)) byName.set(key, object);
  }
  return [...byName.values()];
}
