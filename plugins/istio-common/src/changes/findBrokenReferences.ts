import { podsBehind } from '../mesh/traffic/podsBehind';
import { resolveDestinationRule } from '../mesh/traffic/resolveDestinationRule';
import { resolveHost, serviceOfHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import { describeObject } from '../resources/objectKey';
import { readService } from '../resources/service';
import type { KubeObject } from '../resources/types';
import { readVirtualService } from '../resources/virtualService';
import { isKnown } from '../snapshot/readiness';
import type { MeshSnapshot } from '../snapshot/types';

/** What a route sends requests to. */
interface Reference {
  fieldPath: string;
  service: { namespace: string; name: string };
  /** Fully qualified. */
  host: string;
  subset?: string;
  takesRequests: boolean;
}

/**
 * References of a routing object that lead nowhere in this snapshot: the Service or the subset does
 * not exist, or a destination that takes requests has no pods. Hosts outside the cluster are not
 * judged. Each in words with its field path.
 */
export function findBrokenReferences(
  snapshot: MeshSnapshot,
  object: KubeObject,
): string[] {
  return referencesOf(snapshot, object).flatMap(reference => {
    const broken = explainBroken(snapshot, reference);
    return broken
      ? [
          `${reference.fieldPath} of ${describeObject(
            object,
          )} refers to ${broken}`,
        ]
      : [];
  });
}

/** Routes of the snapshot that name one of these subsets of a host, whatever their weight, and find it nowhere. */
export function findUsersOfSubsets(
  snapshot: MeshSnapshot,
  subsets: { host: string; names: string[] },
): string[] {
  return snapshot.list('VirtualService').flatMap(object =>
    referencesOf(snapshot, object)
      .filter(
        ({ host, service, subset }) =>
          host === subsets.host &&
          subset !== undefined &&
          subsets.names.includes(subset) &&
          !findSubset(snapshot, { host, service, subset }),
      )
      .map(
        ({ fieldPath, subset }) =>
          `${fieldPath} of ${describeObject(object)} uses subset ${subset}`,
      ),
  );
}

function referencesOf(snapshot: MeshSnapshot, object: KubeObject): Reference[] {
  switch (kindNameOf(object)) {
    case 'VirtualService':
      return readVirtualService(object).rules.flatMap(rule => {
        const lone = rule.destinations.length === 1;
        return rule.destinations.flatMap((destination, index) => {
          const host = resolveHost(destination.host, {
            namespace: object.metadata.namespace ?? '',
            domain: snapshot.domain,
          });
          const service = serviceOfHost(host, snapshot.domain);
          return service
            ? [
                {
                  fieldPath: `${rule.fieldPath}.route[${index}]`,
                  service,
                  host,
                  subset: destination.subset,
                  takesRequests: lone || (destination.weight ?? 0) > 0,
                },
              ]
            : [];
        });
      });
    case 'HTTPRoute':
    case 'GRPCRoute':
      return readGatewayApiRoute(object).rules.flatMap(rule =>
        rule.backends.flatMap(({ kind, namespace, name, weight }, index) =>
          kind === 'Service'
            ? [
                {
                  fieldPath: `${rule.fieldPath}.backendRefs[${index}]`,
                  service: { namespace, name },
                  host: `${name}.${namespace}.svc.${snapshot.domain}`,
                  takesRequests: (weight ?? 1) > 0,
                },
              ]
            : [],
        ),
      );
    default:
      return [];
  }
}

function explainBroken(
  snapshot: MeshSnapshot,
  reference: Reference,
): string | undefined {
  const { service, host, subset } = reference;
  const { namespace, name } = service;
  const object = snapshot.get('Service', namespace, name);
  if (!object) {
    return `Service ${namespace}/${name}, which does not exist`;
  }
  const rule = findSubset(snapshot, reference);
  if (subset !== undefined && !rule) {
    return `subset ${subset} of ${host}, which no DestinationRule defines`;
  }
  const { desired } = podsBehind(snapshot, service, rule?.labels);
  const selects =
    Object.keys(readService(object).selector).length > 0 &&
    isKnown(snapshot, 'Pod');
  return reference.takesRequests && selects && desired === 0
    ? `${
        subset === undefined ? '' : `subset ${subset} of `
      }Service ${namespace}/${name}, which has no pods`
    : undefined;
}

/** The subset as callers in the Service's own namespace see it. */
function findSubset(
  snapshot: MeshSnapshot,
  target: Pick<Reference, 'host' | 'service' | 'subset'>,
) {
  const { host, service, subset } = target;
  return resolveDestinationRule({
    snapshot,
    host,
    serviceNamespace: service.namespace,
    clientNamespace: service.namespace,
  })?.subsets.find(({ name }) => name === subset);
}
