/** The parts of routing objects that the traffic model reads. */
export interface StringMatch {
  exact?: string;
  prefix?: string;
  regex?: string;
}

export interface Destination {
  host: string;
  subset?: string;
  port?: { number?: number };
}

export interface HttpMatch {
  uri?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  scheme?: StringMatch;
  headers?: Record<string, StringMatch>;
  withoutHeaders?: Record<string, StringMatch>;
  queryParams?: Record<string, StringMatch>;
  port?: number;
  sourceLabels?: Record<string, string>;
  sourceNamespace?: string;
  gateways?: string[];
  ignoreUriCase?: boolean;
}

export interface Percentage {
  value?: number;
}

export interface HttpRoute {
  name?: string;
  match?: HttpMatch[];
  route?: { destination: Destination; weight?: number }[];
  redirect?: { redirectCode?: number };
  directResponse?: { status: number };
  delegate?: { name?: string; namespace?: string };
  timeout?: string;
  retries?: { attempts?: number; retryOn?: string };
  fault?: {
    abort?: {
      httpStatus?: number;
      grpcStatus?: string;
      percentage?: Percentage;
    };
    delay?: { fixedDelay?: string; percentage?: Percentage };
  };
  mirror?: Destination;
  mirrorPercentage?: Percentage;
  mirrors?: { destination: Destination; percentage?: Percentage }[];
}

export interface TcpRoute {
  match?: {
    port?: number;
    sourceLabels?: Record<string, string>;
    sourceNamespace?: string;
    gateways?: string[];
  }[];
  route?: { destination: Destination; weight?: number }[];
}

export interface VirtualServiceSpec {
  hosts?: string[];
  gateways?: string[];
  http?: HttpRoute[];
  tcp?: TcpRoute[];
  exportTo?: string[];
}

export interface TrafficPolicy {
  tls?: { mode?: string };
  portLevelSettings?: {
    port?: { number?: number };
    tls?: { mode?: string };
  }[];
}

export interface DestinationRuleSpec {
  host?: string;
  trafficPolicy?: TrafficPolicy;
  subsets?: {
    name: string;
    labels?: Record<string, string>;
    trafficPolicy?: TrafficPolicy;
  }[];
  exportTo?: string[];
  workloadSelector?: { matchLabels?: Record<string, string> };
}

export interface PeerAuthenticationSpec {
  selector?: { matchLabels?: Record<string, string> };
  mtls?: { mode?: string };
  portLevelMtls?: Record<string, { mode?: string }>;
}

export interface ServiceSpec {
  selector?: Record<string, string>;
  ports?: {
    name?: string;
    port: number;
    targetPort?: number | string;
    appProtocol?: string;
  }[];
}

export interface HttpRouteMatch {
  path?: { type?: string; value?: string };
  method?: string;
  headers?: { type?: string; name: string; value: string }[];
  queryParams?: { type?: string; name: string; value: string }[];
}

export interface BackendRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
  weight?: number;
}

export interface HttpRouteSpec {
  parentRefs?: {
    group?: string;
    kind?: string;
    name: string;
    namespace?: string;
    port?: number;
  }[];
  hostnames?: string[];
  rules?: {
    matches?: HttpRouteMatch[];
    backendRefs?: BackendRef[];
    timeouts?: { request?: string };
    retry?: { attempts?: number; codes?: number[] };
    filters?: {
      type: string;
      requestMirror?: { backendRef: BackendRef; percent?: number };
      requestRedirect?: { statusCode?: number };
    }[];
  }[];
}

export interface RuleSource {
  principals?: string[];
  notPrincipals?: string[];
  requestPrincipals?: string[];
  namespaces?: string[];
  notNamespaces?: string[];
  ipBlocks?: string[];
  notIpBlocks?: string[];
}

export interface RuleOperation {
  ports?: string[];
  notPorts?: string[];
  methods?: string[];
  notMethods?: string[];
  paths?: string[];
  notPaths?: string[];
  hosts?: string[];
  notHosts?: string[];
}

export interface AuthorizationRule {
  from?: { source?: RuleSource }[];
  to?: { operation?: RuleOperation }[];
  when?: unknown[];
}

export interface AuthorizationPolicySpec {
  selector?: { matchLabels?: Record<string, string> };
  targetRef?: unknown;
  targetRefs?: unknown[];
  action?: string;
  rules?: AuthorizationRule[];
}
