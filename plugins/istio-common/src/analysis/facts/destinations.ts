import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../resources/fields';
import { resolveHost } from '../../resources/host';
import { memoizeByIdentity } from '../../resources/memoize';
import type { KubeObject } from '../../resources/types';
import {
  readVirtualService,
  type VirtualServiceRule,
} from '../../resources/virtualService';
import { resolveShares } from '../../mesh/traffic/resolveShares';

/** A place that a VirtualService sends requests, or copies of them, to. */
export interface NamedDestination {
  /** Fully qualified. */
  host: string;
  /** As written. */
  written: string;
  subset?: string;
  port?: number;
  /** Of the destination block: `spec.http[0].route[1].destination`. */
  path: string;
  /** Gets copies of requests, whose answers nobody waits for. */
  mirror: boolean;
  /** 0..1 of the rule's requests; 1 for a mirror. */
  share: number;
  rule: VirtualServiceRule;
}

const read = memoizeByIdentity((object: KubeObject) => {
  const byDomain = new Map<string, readonly NamedDestination[]>();
  return (domain: string) => {
    const known = byDomain.get(domain) ?? readAll(object, domain);
    byDomain.set(domain, known);
    return known;
  };
});

/** Everything a VirtualService sends to, mirrors included; entries without a host are left out. */
export function listDestinations(
  object: KubeObject,
  domain: string,
): readonly NamedDestination[] {
  return read(object)(domain);
}

function readAll(object: KubeObject, domain: string): NamedDestination[] {
  const namespace = object.metadata.namespace ?? '';
  return readVirtualService(object)
    .rules.flatMap(readRule)
    .filter(({ written }) => written !== '')
    .map(destination => ({
      ...destination,
      host: resolveHost(destination.written, { namespace, domain }),
    }));
}

function readRule(rule: VirtualServiceRule): Omit<NamedDestination, 'host'>[] {
  const shares = resolveShares(
    rule.destinations.map(({ weight }) => weight),
    'istio',
  );
  const start = `spec.${rule.fieldPath}`;
  const routes = rule.destinations.map(({ fields }, index) => ({
    ...readDestination(fields.destination, rule),
    path: `${start}.route[${index}].destination`,
    share: shares[index],
  }));
  const mirrors = [
    ...(rule.fields.mirror === undefined
      ? []
      : [{ value: rule.fields.mirror, path: `${start}.mirror` }]),
    ...fieldsListOf(rule.fields.mirrors).map((fields, index) => ({
      value: fields.destination,
      path: `${start}.mirrors[${index}].destination`,
    })),
  ].map(({ value, path }) => ({
    ...readDestination(value, rule),
    path,
    mirror: true,
  }));
  return [...routes, ...mirrors];
}

function readDestination(
  value: unknown,
  rule: VirtualServiceRule,
): Omit<NamedDestination, 'host'> {
  const fields = fieldsOf(value);
  const subset = textOf(fields.subset);
  const port = numberOf(fieldsOf(fields.port).number);
  return {
    written: textOf(fields.host) ?? '',
    path: '',
    mirror: false,
    share: 1,
    rule,
    ...(subset === undefined ? {} : { subset }),
    ...(port === undefined ? {} : { port }),
  };
}
