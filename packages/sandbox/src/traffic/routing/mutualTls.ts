import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { PodInfo } from '../world/podInfo';
import type { WorldView } from '../world/WorldView';
import type { PeerAuthenticationSpec } from './istioTypes';
import { labelsContain } from './matchRequest';

type Mode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

const age = (object: KubeObject) =>
  `${object.metadata.creationTimestamp ?? ''}/${object.metadata.name}`;

const oldest = (objects: KubeObject[]): PeerAuthenticationSpec | undefined =>
  [...objects].sort((a, b) => (age(a) < age(b) ? -1 : 1))[0]?.spec as
    | PeerAuthenticationSpec
    | undefined;

const isSet = (mode: string | undefined): mode is Mode =>
  mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE';

/**
 * Mode a pod's proxy enforces on a workload port. Mesh, namespace and workload level override one another
 * where they say something; the oldest policy of a level counts; a selector in the root namespace is ignored.
 */
export function serverMode(
  world: WorldView,
  pod: PodInfo,
  options: { port: number; rootNamespace: string },
): Mode {
  const all = world.list('PeerAuthentication');
  const selectorOf = (object: KubeObject) =>
    (object.spec as PeerAuthenticationSpec | undefined)?.selector?.matchLabels;
  const isGeneral = (object: KubeObject) =>
    Object.keys(selectorOf(object) ?? {}).length === 0;
  const mesh = oldest(
    all.filter(
      object =>
        object.metadata.namespace === options.rootNamespace &&
        isGeneral(object),
    ),
  );
  const own = all.filter(
    object =>
      object.metadata.namespace === pod.namespace &&
      pod.namespace !== options.rootNamespace,
  );
  const namespaceWide = oldest(own.filter(isGeneral));
  const workload = oldest(
    own.filter(
      object =>
        !isGeneral(object) && labelsContain(pod.labels, selectorOf(object)),
    ),
  );
  let mode: Mode = 'PERMISSIVE';
  for (const level of [mesh, namespaceWide, workload]) {
    const set = level?.mtls?.mode;
    if (isSet(set)) mode = set;
  }
  const atPort = workload?.portLevelMtls?.[String(options.port)]?.mode;
  return isSet(atPort) ? atPort : mode;
}

export type Handshake = 'mutual_tls' | 'none' | 'refused';

/** What happens when a client connects to a pod's port. */
export function handshake(options: {
  world: WorldView;
  /** Client's proxy mode. */
  client: 'proxy' | 'none';
  server: PodInfo;
  port: number;
  /** From the DestinationRule in force; undefined: automatic mutual TLS. */
  tlsMode: string | undefined;
  rootNamespace: string;
}): Handshake {
  const { server } = options;
  const captured = server.peer.mode !== 'none';
  const mode = captured
    ? serverMode(options.world, server, options)
    : 'DISABLE';
  const acceptsTls = captured && (mode !== 'DISABLE' || isAmbient(server));
  const automatic =
    acceptsTls &&
    (server.labels['security.istio.io/tlsMode'] === 'istio' ||
      isAmbient(server));
  const tls =
    options.client === 'proxy' &&
    (options.tlsMode === undefined
      ? automatic
      : options.tlsMode === 'ISTIO_MUTUAL');
  if (tls) return acceptsTls ? 'mutual_tls' : 'refused';
  const foreignTls =
    options.client === 'proxy' &&
    (options.tlsMode === 'SIMPLE' || options.tlsMode === 'MUTUAL');
  if (foreignTls && captured) return 'refused';
  return mode === 'STRICT' ? 'refused' : 'none';
}

/** PERMISSIVE and DISABLE are the same to ztunnel: HBONE stays on. */
function isAmbient(pod: PodInfo): boolean {
  return pod.peer.mode === 'ambient' || pod.peer.mode === 'waypoint';
}
