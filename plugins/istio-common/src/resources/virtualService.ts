import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** The reserved gateway name that stands for all proxies inside the mesh. */
export const MESH_GATEWAY = 'mesh';

/** One destination of a rule, hosts as written. */
export interface RouteDestination {
  host: string;
  subset?: string;
  port?: number;
  /** As written; undefined when omitted, which Istio reads as 0. */
  weight?: number;
  /** The whole entry, for fields this reading leaves out. */
  fields: Fields;
}

/** The three lists of rules. */
export type VirtualServiceProtocol = 'http' | 'tls' | 'tcp';

/** One entry of `http`, `tls` or `tcp`. */
export interface VirtualServiceRule {
  protocol: VirtualServiceProtocol;
  index: number;
  /** `http[2]` */
  fieldPath: string;
  name?: string;
  /** ORed; empty: any request. */
  matches: readonly Fields[];
  destinations: readonly RouteDestination[];
  delegate?: { name: string; namespace?: string };
  fields: Fields;
}

/** The routing fields of a VirtualService. */
export interface VirtualServiceView {
  hosts: string[];
  /** As written; `mesh` when the object names none. */
  gateways: string[];
  exportTo: string[];
  rules: readonly VirtualServiceRule[];
}

/** The routing fields of a VirtualService; rules in the order Istio reads them per protocol. */
export const readVirtualService = memoizeByIdentity(
  (object: KubeObject): VirtualServiceView => {
    const spec = fieldsOf(object.spec);
    const gateways = textsOf(spec.gateways);
    return {
      hosts: textsOf(spec.hosts),
      gateways: gateways.length > 0 ? gateways : [MESH_GATEWAY],
      exportTo: textsOf(spec.exportTo),
      rules: (['http', 'tls', 'tcp'] as const).flatMap(protocol =>
        fieldsListOf(spec[protocol]).map((fields, index) =>
          readRule(protocol, fields, index),
        ),
      ),
    };
  },
);

function readRule(
  protocol: VirtualServiceProtocol,
  fields: Fields,
  index: number,
): VirtualServiceRule {
  const rule: VirtualServiceRule = {
    protocol,
    index,
    fieldPath: `${protocol}[${index}]`,
    matches: fieldsListOf(fields.match),
    destinations: fieldsListOf(fields.route).map(readDestination),
    fields,
  };
  const name = textOf(fields.name);
  if (name !== undefined) {
    rule.name = name;
  }
  const delegate = fieldsOf(fields.delegate);
  const delegateName = textOf(delegate.name);
  if (isFields(fields.delegate) && delegateName !== undefined) {
    const namespace = textOf(delegate.namespace);
    rule.delegate = namespace
      ? { name: delegateName, namespace }
      : { name: delegateName };
  }
  return rule;
}

function readDestination(fields: Fields): RouteDestination {
  const destination = fieldsOf(fields.destination);
  const read: RouteDestination = {
    host: textOf(destination.host) ?? '',
    fields,
  };
  const subset = textOf(destination.subset);
  if (subset !== undefined) {
    read.subset = subset;
  }
  const port = numberOf(fieldsOf(destination.port).number);
  if (port !== undefined) {
    read.port = port;
  }
  const weight = numberOf(fields.weight);
  if (weight !== undefined) {
    read.weight = weight;
  }
  return read;
}
