import {
  fieldsListOf,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { MESH_GATEWAY } from './virtualService';
import { KubeObject } from './types';

/** One server of Istio's Gateway. */
export interface GatewayServer {
  port?: number;
  protocol: string;
  /** As written, `ns/host` or `host`. */
  hosts: string[];
}

/** The fields of Istio's Gateway. */
export interface GatewayView {
  selector: Record<string, string>;
  servers: GatewayServer[];
}

/** Istio's own Gateway. */
export const readGateway = memoizeByIdentity(
  (object: KubeObject): GatewayView => {
    const spec = fieldsOf(object.spec);
    return {
      selector: labelsOf(spec.selector),
      servers: fieldsListOf(spec.servers).map(server => {
        const port = fieldsOf(server.port);
        const number = numberOf(port.number);
        const read: GatewayServer = {
          protocol: (textOf(port.protocol) ?? '').toLowerCase(),
          hosts: textsOf(server.hosts),
        };
        return number === undefined ? read : { ...read, port: number };
      }),
    };
  },
);

/** The fields of Gateway API's Gateway. */
export interface KubernetesGatewayView {
  className: string;
  waypoint: boolean;
}

/** Gateway API's Gateway; one of a waypoint class stands in front of ambient services. */
export const readKubernetesGateway = memoizeByIdentity(
  (object: KubeObject): KubernetesGatewayView => {
    const className = textOf(fieldsOf(object.spec).gatewayClassName) ?? '';
    return { className, waypoint: /waypoint$/.test(className) };
  },
);

/**
 * `gw` of a VirtualService in `shop` is `shop/gw`; `ns/gw` and `mesh` stay, the legacy dotted form
 * `gw.ns.svc.cluster.local` is `ns/gw`.
 *
 * Source: istio/istio pilot/pkg/model resolveGatewayName.
 */
export function resolveGatewayName(name: string, namespace: string): string {
  if (name === MESH_GATEWAY || name.includes('/')) {
    return name.startsWith('./') ? `${namespace}${name.slice(1)}` : name;
  }
  const [first, second] = name.split('.');
  return second ? `${second}/${first}` : `${namespace}/${first}`;
}
