import { readDestinationRule } from '../../resources/destinationRule';
import { listOf } from '../../resources/fields';
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
import type { ServiceVersion } from './findVersions';

/** Marks what this product created; recommended label of Kubernetes. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'istio-portal' };

interface Target {
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string };
}

/** Names of the subsets that callers of the Service may use, as DestinationRules define them. */
export function definedSubsets(target: Target): string[] {
  return [
    ...new Set(
      rulesForService(target).flatMap(rule =>
        readDestinationRule(rule).subsets.map(({ name }) => name),
      ),
    ),
  ];
}

/**
 * The DestinationRule with the missing subsets: the oldest one of the host gets them added, and one
 * is created where the host has none. Undefined when no subset is missing.
 *
 * A rule of the whole root namespace or of a wildcard host would lose its effect on this Service
 * beside a new rule (Istio takes the most specific host of the first namespace that has one, and
 * merges nothing), so that is refused.
 */
export function planSubsets(
  target: Target,
  versions: ServiceVersion[],
): { desired?: KubeObject } | { problem: CompileProblem } {
  const defined = definedSubsets(target);
  const missing = versions.filter(({ key }) => !defined.includes(key));
  if (missing.length === 0) {
    return {};
  }
  const subsets = missing.map(({ key, selector }) => ({
    name: key,
    labels: selector,
  }));
  const [oldest] = rulesForService(target);
  if (oldest) {
    return {
      desired: {
        ...oldest,
        spec: {
          ...oldest.spec,
          subsets: [...listOf(oldest.spec?.subsets), ...subsets],
        },
      },
    };
  }
  return createRule(target, subsets);
}

function createRule(
  { snapshot, service }: Target,
  subsets: { name: string; labels: Record<string, string> }[],
): { desired: KubeObject } | { problem: CompileProblem } {
  const { cluster, domain } = snapshot;
  const host = serviceHost(service, domain);
  const names = subsets.map(({ name }) => name).join(', ');
  const shadowed = findShadowed({ snapshot, service });
  if (shadowed) {
    return refuse(
      `${cluster}: ${describeObject(
        shadowed,
      )} sets the policies for ${host} now and would lose that beside a new DestinationRule; define the subsets there: ${names}`,
    );
  }
  const { namespace, name } = service;
  const taken = snapshot.get('DestinationRule', namespace, name);
  if (taken) {
    return refuse(
      `${cluster}: a DestinationRule with the subsets ${names} is needed, and ${describeObject(
        taken,
      )} has that name but another host`,
    );
  }
  return {
    desired: {
      apiVersion: apiVersionOf('DestinationRule'),
      kind: 'DestinationRule',
      metadata: { name, namespace, labels: { ...MANAGED_BY } },
      spec: { host, subsets },
    },
  };
}

function refuse(message: string): { problem: CompileProblem } {
  return { problem: { field: 'service', message } };
}

/** Rules of exactly this host in the Service's namespace that count for every client, oldest first. */
function rulesForService({ snapshot, service }: Target): KubeObject[] {
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

/** A rule that decides for the Service's callers now and would not beside a new one. */
function findShadowed({ snapshot, service }: Target): KubeObject | undefined {
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
