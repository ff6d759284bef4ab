import { readDestinationRule } from '../resources/destinationRule';
import { isPrivate, resolveHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { MESH_GATEWAY, readVirtualService } from '../resources/virtualService';
import type { MeshSnapshot } from '../snapshot/types';
import { holdsExternalHost, holdsGatewayHost } from './heldHosts';
import { isOwnHost, isOwnService, type OwnedHosts } from './ownedHosts';

/** A host that an object takes requests of and may not. */
export interface ForeignHost {
  /** As written. */
  host: string;
  path: string;
  /** A host of the team that it would take in other namespaces too. */
  exported?: true;
}

interface Question {
  subject: KubeObject;
  /** Hosts that only gateways serve may stay where they were, but not be added. */
  before: KubeObject | undefined;
  owned: OwnedHosts;
  snapshot: MeshSnapshot;
}

/** Hosts the object takes requests of that are not the component's own. */
export function findForeignHosts(question: Question): ForeignHost[] {
  const { subject } = question;
  switch (kindNameOf(subject)) {
    case 'VirtualService':
      return ofVirtualService(question);
    case 'DestinationRule': {
      const { host, exportTo } = readDestinationRule(subject);
      return judgeInMesh(question, { host, exportTo, path: 'spec.host' });
    }
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return ofGatewayApiRoute(question);
    default:
      return [];
  }
}

function ofVirtualService(question: Question): ForeignHost[] {
  const { subject, before, snapshot, owned } = question;
  const { hosts, gateways, exportTo } = readVirtualService(subject);
  const inMesh = gateways.includes(MESH_GATEWAY);
  const known = before ? readVirtualService(before).hosts : [];
  return hosts.flatMap((host, index) => {
    const path = `spec.hosts[${index}]`;
    const name = nameOf(question, host);
    if (holdsGatewayHost(name, { team: owned.team, snapshot })) {
      return [];
    }
    if (inMesh) {
      return judgeInMesh(question, { host, exportTo, path });
    }
    return isOwnHost(name, owned) || known.includes(host)
      ? []
      : [{ host, path }];
  });
}

/** A host of the outside is the team's own way there, so no other namespace may be sent along. */
function judgeInMesh(
  question: Question,
  written: { host: string; exportTo: string[]; path: string },
): ForeignHost[] {
  const { subject, snapshot, owned } = question;
  const { host, exportTo, path } = written;
  const name = nameOf(question, host);
  if (isOwnHost(name, owned)) {
    return [];
  }
  if (!holdsExternalHost(name, { team: owned.team, snapshot })) {
    return [{ host, path }];
  }
  return isPrivate(exportTo, subject.metadata.namespace ?? '')
    ? []
    : [{ host, path, exported: true }];
}

function nameOf({ subject, owned }: Question, host: string): string {
  return resolveHost(host, {
    namespace: subject.metadata.namespace ?? '',
    domain: owned.domain,
  });
}

function ofGatewayApiRoute(question: Question): ForeignHost[] {
  const { subject, before, owned, snapshot } = question;
  const holds = (host: string) =>
    holdsGatewayHost(host.toLowerCase(), { team: owned.team, snapshot });
  const describe = (route: KubeObject): ForeignHost[] => {
    const { parents, hostnames } = readGatewayApiRoute(route);
    const isHeld = hostnames.length > 0 && hostnames.every(holds);
    return [
      ...parents.flatMap((parent, index) => {
        const { kind, namespace, name } = parent;
        const isOwn =
          (kind === 'Service' && isOwnService(parent, owned)) ||
          (kind === 'Gateway' && isHeld);
        return isOwn
          ? []
          : [
              {
                host: `${kind} ${namespace}/${name}`,
                path: `spec.parentRefs[${index}]`,
              },
            ];
      }),
      ...hostnames.flatMap((host, index) =>
        holds(host) ? [] : [{ host, path: `spec.hostnames[${index}]` }],
      ),
    ];
  };
  // A Gateway's hosts may stay where they were; another component's Service may not.
  const known = before ? describe(before).map(({ host }) => host) : [];
  return describe(subject).filter(
    ({ host }) => host.startsWith('Service ') || !known.includes(host),
  );
}

/** The component's own Services that the object takes requests of, by name. */
export function findTakenServices(
  subject: KubeObject,
  owned: OwnedHosts,
): string[] {
  const context = {
    namespace: subject.metadata.namespace ?? '',
    domain: owned.domain,
  };
  const hosts = (written: string[]) =>
    owned.services.filter(service =>
      written.some(host =>
        isOwnHost(resolveHost(host, context), {
          ...owned,
          services: [service],
          whole: [],
        }),
      ),
    );
  const taken = () => {
    switch (kindNameOf(subject)) {
      case 'VirtualService':
        return hosts(readVirtualService(subject).hosts);
      case 'DestinationRule':
        return hosts([readDestinationRule(subject).host]);
      case 'HTTPRoute':
      case 'GRPCRoute':
      case 'TCPRoute':
      case 'TLSRoute':
        return owned.services.filter(service =>
          readGatewayApiRoute(subject).parents.some(
            ({ kind, name, namespace }) =>
              kind === 'Service' &&
              name === service.name &&
              namespace === service.namespace,
          ),
        );
      default:
        return [];
    }
  };
  return taken().map(({ name }) => name);
}
