import { Labels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { PortProtocol } from './protocol';

/** One server of an Istio Gateway, or one listener of a Gateway API Gateway. */
export interface GatewayServer {
  /** `namespace/name` that routes bind to; a listener of Gateway API has one of its own. */
  gatewayName: string;
  object: KubeObject;
  /** `spec.servers[0]`, `spec.listeners[0]` */
  path: string;
  /** Istio's internal name, which breaks ties in age. */
  name: string;
  namespace: string;
  /** Epoch milliseconds. */
  created: number;
  port: number;
  portName: string;
  protocol: PortProtocol;
  bind?: string;
  /** `namespace/host`, or `host` for every namespace; lower case as written. */
  hosts: readonly string[];
  tls?: { mode: string; httpsRedirect: boolean };
  /** What binds the Gateway to proxies. */
  proxies:
    | { by: 'selector'; selector: Labels }
    /** Pods behind these Services of the Gateway's own namespace. */
    | { by: 'service'; hosts: readonly string[]; managed: boolean };
  /** Of Gateway API only. */
  listener?: KubernetesListener;
}

/** What decides which routes may attach to a listener. */
export interface KubernetesListener {
  gateway: { namespace: string; name: string };
  section: string;
  /** As written; empty: any. */
  hostname: string;
  /** As written, `HTTP`. */
  protocol: string;
  kinds: readonly string[];
}

/** TLS that the gateway hands on unopened. */
export function isPassthrough(server: GatewayServer): boolean {
  return (
    server.tls?.mode === 'PASSTHROUGH' ||
    server.tls?.mode === 'AUTO_PASSTHROUGH'
  );
}

/** HTTPS that the gateway opens. */
export function terminatesHttps(server: GatewayServer): boolean {
  return (
    server.tls !== undefined &&
    server.protocol === 'https' &&
    !isPassthrough(server)
  );
}
