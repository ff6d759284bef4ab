import { fieldsListOf, fieldsOf, textOf } from '../resources/fields';
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

type Targets = Map<string, { host: string; weight: number }>;

/** Weight per rule and destination, an only destination counting 100, as does a mirror. */
function readTargets(object: KubeObject, domain: string): Targets {
  switch (kindNameOf(object)) {
    case 'VirtualService':
      return ofVirtualService(object, domain);
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return ofGatewayApiRoute(object, domain);
    default:
      return new Map();
  }
}

function ofVirtualService(object: KubeObject, domain: string): Targets {
  const targets: Targets = new Map();
  const namespace = object.metadata.namespace ?? '';
  for (const rule of readVirtualService(object).rules) {
    const lone = rule.destinations.length === 1;
    for (const { host: written, subset, weight } of rule.destinations) {
      const host = resolveHost(written, { namespace, domain });
      targets.set(`${rule.fieldPath} ${host} ${subset ?? ''}`, {
        host,
        weight: lone ? 100 : weight ?? 0,
      });
    }
    const mirrors = [
      fieldsOf(rule.fields.mirror),
      ...fieldsListOf(rule.fields.mirrors).map(({ destination }) =>
        fieldsOf(destination),
      ),
    ];
    for (const mirror of mirrors) {
      const written = textOf(mirror.host);
      if (written !== undefined) {
        const host = resolveHost(written, { namespace, domain });
        targets.set(`${rule.fieldPath} mirror ${host}`, { host, weight: 100 });
      }
    }
  }
  return targets;
}

/** A backend of kind `Hostname` is Istio's, its name a host. */
function ofGatewayApiRoute(object: KubeObject, domain: string): Targets {
  const targets: Targets = new Map();
  const namespace = object.metadata.namespace ?? '';
  const hostOf = (backend: { kind: string; namespace: string; name: string }) =>
    backend.kind === 'Hostname'
      ? resolveHost(backend.name, { namespace, domain })
      : `${backend.name}.${backend.namespace}.svc.${domain}`;
  for (const rule of readGatewayApiRoute(object).rules) {
    for (const backend of rule.backends) {
      const host = hostOf(backend);
      targets.set(`${rule.fieldPath} ${host}`, {
        host,
        weight: backend.weight ?? 1,
      });
    }
    for (const filter of rule.filters) {
      const mirror = fieldsOf(fieldsOf(filter.requestMirror).backendRef);
      const name = textOf(mirror.name);
      if (name !== undefined) {
        const host = hostOf({
          name,
          kind: textOf(mirror.kind) ?? 'Service',
          namespace: textOf(mirror.namespace) ?? namespace,
        });
        targets.set(`${rule.fieldPath} mirror ${host}`, { host, weight: 100 });
      }
    }
  }
  return targets;
}
