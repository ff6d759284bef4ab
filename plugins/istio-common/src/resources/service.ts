import {
  entryOf,
  fieldsListOf,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** One port of a Service. */
export interface ServicePort {
  port: number;
  name?: string;
  /** Container port; a text is the name of a container's port. Equals `port` when the Service omits it. */
  targetPort: number | string;
  /** Istio's protocol: `http`, `http2`, `grpc`, `https`, `tls`, `tcp`, `udp`, `mongo`, …; `auto` where Istio detects it. */
  protocol: string;
}

/** The fields of a Service that routing and encryption need. */
export interface ServiceView {
  name: string;
  namespace: string;
  selector: Record<string, string>;
  ports: ServicePort[];
  headless: boolean;
  externalName?: string;
}

/** The fields of a Service that routing and encryption need. */
export const readService = memoizeByIdentity(
  (object: KubeObject): ServiceView => {
    const spec = fieldsOf(object.spec);
    const view: ServiceView = {
      name: object.metadata.name,
      namespace: object.metadata.namespace ?? '',
      selector: labelsOf(spec.selector),
      ports: fieldsListOf(spec.ports).flatMap(readPort),
      headless: spec.clusterIP === 'None',
    };
    const externalName =
      spec.type === 'ExternalName' ? textOf(spec.externalName) : undefined;
    return externalName ? { ...view, externalName } : view;
  },
);

function readPort(port: Readonly<Record<string, unknown>>): ServicePort[] {
  const number = numberOf(port.port);
  if (number === undefined) {
    return [];
  }
  const name = textOf(port.name);
  const read: ServicePort = {
    port: number,
    targetPort: numberOf(port.targetPort) ?? textOf(port.targetPort) ?? number,
    protocol: resolveProtocol({
      port: number,
      name,
      appProtocol: textOf(port.appProtocol),
      transport: textOf(port.protocol),
    }),
  };
  if (name !== undefined) {
    read.name = name;
  }
  return [read];
}

/** Ports that Istio takes for TCP when nothing names their protocol: SMTP, DNS, MySQL, MongoDB. */
const WELL_KNOWN_TCP_PORTS = new Set([25, 53, 3306, 27017]);
const KNOWN_PROTOCOLS = new Set([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'https',
  'tls',
  'tcp',
  'udp',
  'mongo',
  'redis',
  'mysql',
  'hbone',
]);
const KUBERNETES_PROTOCOLS: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
};

/**
 * Protocol of a Service port: `appProtocol`, else the part of the port's name before the first dash,
 * else `auto` (Istio sniffs), but `tcp` on a few well-known ports.
 *
 * Source: istio/istio pkg/config/kube ConvertProtocol.
 */
export function resolveProtocol(port: {
  port: number;
  name?: string;
  appProtocol?: string;
  transport?: string;
}): string {
  if (port.transport === 'UDP') {
    return 'udp';
  }
  const declared = (port.appProtocol ?? port.name ?? '').toLowerCase();
  const kubernetes = entryOf(KUBERNETES_PROTOCOLS, declared);
  if (kubernetes) {
    return kubernetes;
  }
  if (declared === 'grpc-web' || declared.startsWith('grpc-web-')) {
    return 'grpc-web';
  }
  const prefix = declared.split('-')[0];
  if (KNOWN_PROTOCOLS.has(prefix)) {
    return prefix;
  }
  return WELL_KNOWN_TCP_PORTS.has(port.port) ? 'tcp' : 'auto';
}
