import { readDestinationRule } from '../../resources/destinationRule';
import {
  hostSpecificity,
  resolveHost,
  serviceHost,
} from '../../resources/host';
import { apiVersionOf } from '../../resources/kinds';
import { compareByAge, describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem } from '../types';
import { MANAGED_BY } from './managedBy';

/** A Service in one cluster. */
export interface ServicePlace {
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string };
}

/** Rules of exactly this host in the Service's namespace that count for every client, oldest first. */
export function rulesForService({
  snapshot,
  service,
}: ServicePlace): KubeObject[] {
  const host = serviceHost(service, snapshot.domain);
  return snapshot
    .inNamespace('DestinationRule', service.namespace)
    .filter(
      rule =>
        hostOf(rule, snapshot.domain) === host &&
        !readDestinationRule(rule).workloadSelector,
    )
    .sort(compareByAge);
}

/**
 * The first DestinationRule of a host, unless that would take away what another one does for it: a rule of
 * the whole root namespace or of a wildcard host would lose its effect on this Service beside a new rule
 * (Istio takes the most specific host of the first namespace that has one, and merges nothing).
 */
export function createDestinationRule(
  place: ServicePlace,
  options: {
    spec: Record<string, unknown>;
    /** What is to be written: "the subsets v1, v2". */
    what: string;
  },
): { desired: KubeObject } | { problem: CompileProblem } {
  const { snapshot, service } = place;
  const { spec, what } = options;
  const { cluster, domain } = snapshot;
  const host = serviceHost(service, domain);
  const shadowed = findShadowed(place);
  if (shadowed) {
    return refuse(
      `${cluster}: ${describeObject(
        shadowed,
      )} sets the policies for ${host} now and would lose that beside a new DestinationRule; define there: ${what}`,
    );
  }
  const { namespace, name } = service;
  const taken = snapshot.get('DestinationRule', namespace, name);
  if (taken) {
    return refuse(
      `${cluster}: a DestinationRule with ${what} is needed, and ${describeObject(
        taken,
      )} has that name but another host`,
    );
  }
  return {
    desired: {
      apiVersion: apiVersionOf('DestinationRule'),
      kind: 'DestinationRule',
      metadata: { name, namespace, labels: { ...MANAGED_BY } },
      spec: { host, ...spec },
    },
  };
}

function refuse(message: string): { problem: CompileProblem } {
  return { problem: { field: 'service', message } };
}

/** A rule that decides for the Service's callers now and would not beside a new one. */
function findShadowed({
  snapshot,
  service,
}: ServicePlace): KubeObject | undefined {
  const host = serviceHost(service, snapshot.domain);
  return [service.namespace, snapshot.rootNamespace]
    .flatMap(namespace => snapshot.inNamespace('DestinationRule', namespace))
    .find(
      rule =>
        !readDestinationRule(rule).workloadSelector &&
        hostSpecificity(hostOf(rule, snapshot.domain), host) !== undefined,
    );
}

function hostOf(rule: KubeObject, domain: string): string {
  return resolveHost(readDestinationRule(rule).host, {
    namespace: rule.metadata.namespace ?? '',
    domain,
  });
}
