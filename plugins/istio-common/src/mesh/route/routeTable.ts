import { Fields } from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { StringMatch } from './stringMatch';
import { Visibility } from './visibility';

/** A place in an object. */
export interface Origin {
  object: KubeObject;
  /** `spec.http[0].timeout` */
  path: string;
}

/** Where a share of the requests is sent. */
export interface Destination extends Origin {
  /** Fully qualified; empty for a backend that Gateway API may not reach. */
  host: string;
  subset?: string;
  port?: number;
  /** 0 when omitted. */
  weight: number;
  /** Header operations and the like. */
  fields: Fields;
}

/** What a match asks of the caller, decided before any request is seen. */
export interface CallerMatch extends Origin {
  name?: string;
  /** Qualified; empty: wherever the table applies. */
  gateways: readonly string[];
  port?: number;
  sourceLabels: Readonly<Record<string, string>>;
  sourceNamespace?: string;
}

/** A named thing with its condition; without a condition it has to be there. */
export type NamedMatch = readonly [
  name: string,
  match: StringMatch | undefined,
];

/** One match of an HTTP rule. */
export interface HttpMatch extends CallerMatch {
  uri?: StringMatch;
  ignoreUriCase: boolean;
  /** Gateway API: a prefix ends at a slash. */
  wholeSegments: boolean;
  scheme?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  headers: readonly NamedMatch[];
  withoutHeaders: readonly NamedMatch[];
  queryParams: readonly NamedMatch[];
}

/** One rule of `http`, in VirtualService form. */
export interface HttpRule extends Origin {
  name?: string;
  /** ORed; empty: any request. */
  matches: readonly HttpMatch[];
  destinations: readonly Destination[];
  mirrors: readonly (Destination & { percent: number })[];
  /** `timeout`, `retries`, `fault`, `rewrite`, `redirect`, `directResponse`, `headers`. */
  fields: Fields;
  /** Where a field of `fields` was written, when not under `path` by its own name. */
  fieldOrigins: Readonly<Record<string, Origin>>;
}

/** One match of a TLS or TCP rule. */
export interface L4Match extends CallerMatch {
  sniHosts: readonly string[];
  destinationSubnets: readonly string[];
}

/** One rule of `tls` or `tcp`. */
export interface L4Rule extends Origin {
  /** ORed; empty: any connection (TCP), or none (TLS). */
  matches: readonly L4Match[];
  destinations: readonly Destination[];
}

/** A rule that Istio drops, and why. */
export interface DroppedRule extends Origin {
  text: string;
}

/**
 * Rules for some hosts at some gateways: a VirtualService with its delegates, or what Gateway API
 * routes become for one host of one parent.
 */
export interface RouteTable {
  /** The object it is named after, the oldest where several were put together. */
  object: KubeObject;
  /** All objects whose rules it holds. */
  objects: readonly KubeObject[];
  /** Istio's internal name, which breaks ties in age. */
  name: string;
  namespace: string;
  /** Epoch milliseconds. */
  created: number;
  /** Fully qualified. */
  hosts: readonly string[];
  /** `mesh` and `namespace/name`. */
  gateways: readonly string[];
  visibility: Visibility;
  /** From Gateway API: other rules of host lookup and matching. */
  gatewayApi: boolean;
  /** From a TLSRoute: its rules also serve listeners that terminate TLS. */
  tlsRoute: boolean;
  http: readonly HttpRule[];
  tls: readonly L4Rule[];
  tcp: readonly L4Rule[];
  dropped: readonly DroppedRule[];
}

/** Place of an origin's own field. */
export function at(origin: Origin, field: string): Origin {
  return { object: origin.object, path: `${origin.path}.${field}` };
}
