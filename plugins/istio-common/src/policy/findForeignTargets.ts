import { resolveHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { readVirtualService } from '../resources/virtualService';
import { isOwnHost, type OwnedHosts } from './ownedHosts';

/** Hosts of others that a route sends more to than before, fully qualified, each once. */
export function findForeignTargets(options: {
  before: KubeObject | undefined;
  after: KubeObject;
  owned: OwnedHosts;
}): string[] {
  const { before, after, owned } = options;
  const was = before ? readTargets(before, owned.domain) : new Map();
  return [
    ...new Set(
      [...readTargets(after, owned.domain)]
        .filter(
          ([key, { host, weight }]) =>
            weight > (was.get(key)?.weight ?? 0) && !isOwnHost(host, owned),
        )
        .map(([, { host }]) => host),
    ),
  ];
}

/** Weight per rule and destination, an only destination counting 100. */
function readTargets(
  object: KubeObject,
  domain: string,
): Map<string, { host: string; weight: number }> {
  const targets = new Map<string, { host: string; weight: number }>();
  switch (kindNameOf(object)) {
    case 'VirtualService':
      for (const rule of readVirtualService(object).rules) {
        const lone = rule.destinations.length === 1;
        for (const { host: written, subset, weight } of rule.destinations) {
          const host = resolveHost(written, {
            namespace: object.metadata.namespace ?? '',
            domain,
          });
          targets.set(`${rule.fieldPath} ${host} ${subset ?? ''}`, {
            host,
            weight: lone ? 100 : weight ?? 0,
          });
        }
      }
      break;
    case 'HTTPRoute':
    case 'GRPCRoute':
      for (const rule of readGatewayApiRoute(object).rules) {
        for (const { namespace, name, weight } of rule.backends) {
          const host = `${name}.${namespace}.svc.${domain}`;
          targets.set(`${rule.fieldPath} ${host}`, {
            host,
            weight: weight ?? 1,
          });
        }
      }
      break;
    default:
  }
  return targets;
}
