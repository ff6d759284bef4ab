import { resolveHost } from '../../../resources/host';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { KubeObject } from '../../../resources/types';
import { hostsOverlap, isWildcard } from '../../../mesh/route/hostPatterns';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import {
  readVisibility,
  type Visibility,
} from '../../../mesh/route/visibility';
import { virtualServices } from '../../../mesh/traffic/routingIndex';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule, RuleFinding } from '../../types';

/**
 * Sources: istio/istio pilot/pkg/model virtualServicesForGateway (private, exported by name, public, each
 * oldest first); analyzers/virtualservice/conflictingmeshgatewayhosts.go.
 */
export const duplicateHost: Rule = {
  code: 'ISB0107',
  name: 'virtual-service-duplicate-host',
  title: 'Two VirtualServices claim the same host for callers inside the mesh',
  severity: 'error',
  explanation:
    'Inside the mesh VirtualServices of one host are not merged. A caller gets the one that is private to its namespace, else one exported to it by name, else a public one; among equals the oldest. The others do nothing for that caller.',
  remedy:
    'Put the rules into one VirtualService, by delegates where several teams write them, or let them be exported to different namespaces.',
  equivalents: ['IST0109', 'KIA1106'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'host',
  check(subject, { snapshot }) {
    const view = readVirtualService(subject);
    if (!view.gateways.includes(MESH_GATEWAY)) return [];
    const namespace = subject.metadata.namespace ?? '';
    return view.hosts.flatMap((written, index) => {
      const host = resolveHost(written, { namespace, domain: snapshot.domain });
      return rivals(snapshot, subject, host).map(rival => ({
        ...compare(snapshot, { subject, rival, host }),
        path: `spec.hosts[${index}]`,
      }));
    });
  },
};

function rivals(
  snapshot: MeshSnapshot,
  subject: KubeObject,
  host: string,
): KubeObject[] {
  const { hosts } = virtualServices(snapshot);
  const same = isWildcard(host)
    ? hosts.wildcards
        .filter(({ pattern }) => pattern === host)
        .map(({ object }) => object)
    : hosts.exact(host);
  const own = visibilityOf(snapshot, subject);
  // A public wildcard is beaten by the exact name everywhere; only a private rival is worth a word.
  const wider =
    own === 'public'
      ? []
      : hosts.wildcards
          .filter(
            ({ pattern, object }) =>
              pattern !== host &&
              hostsOverlap(pattern, host) &&
              visibilityOf(snapshot, object) === 'public',
          )
          .map(({ object }) => object);
  return [...new Set([...same, ...wider])].filter(
    rival =>
      rival !== subject &&
      readVirtualService(rival).gateways.includes(MESH_GATEWAY) &&
      meet(own, visibilityOf(snapshot, rival)),
  );
}

function visibilityOf(snapshot: MeshSnapshot, object: KubeObject): Visibility {
  return readVisibility({
    exportTo: readVirtualService(object).exportTo,
    fallback: meshDefaults(snapshot).virtualServiceExportTo,
    namespace: object.metadata.namespace ?? '',
  });
}

function meet(a: Visibility, b: Visibility): boolean {
  if (a === 'none' || b === 'none') return false;
  if (a === 'public' || b === 'public') return true;
  return [...a].some(namespace => b.has(namespace));
}

function compare(
  snapshot: MeshSnapshot,
  of: { subject: KubeObject; rival: KubeObject; host: string },
): Pick<RuleFinding, 'message' | 'severity'> {
  const { subject, rival, host } = of;
  const own = visibilityOf(snapshot, subject);
  const other = visibilityOf(snapshot, rival);
  const name = namespacedName(rival.metadata);
  if (typeof own === 'string' && typeof other === 'string') {
    return compareByAge(subject, rival) > 0
      ? { message: `Never in force for ${host}: ${name} is older.` }
      : {
          message: `${name} claims ${host} too. This one, the older, is in force.`,
          severity: 'info',
        };
  }
  if (typeof own === 'string') {
    return {
      message: `Not in force for ${host} in ${list(
        other,
      )}: callers there get ${name}.`,
      severity: 'info',
    };
  }
  if (typeof other === 'string') {
    return {
      message: `In force for ${host} instead of ${name} for callers in ${list(
        own,
      )}.`,
      severity: 'info',
    };
  }
  return compareNamed({ subject, rival, host, own, other });
}

/** Both are for named namespaces: in those of both the private one wins, else the older. */
function compareNamed(of: {
  subject: KubeObject;
  rival: KubeObject;
  host: string;
  own: ReadonlySet<string>;
  other: ReadonlySet<string>;
}): Pick<RuleFinding, 'message' | 'severity'> {
  const { subject, rival, host, own, other } = of;
  const name = namespacedName(rival.metadata);
  const common = [...own].filter(namespace => other.has(namespace));
  const lost = common.filter(namespace => {
    const rank =
      Number(subject.metadata.namespace !== namespace) -
      Number(rival.metadata.namespace !== namespace);
    return rank > 0 || (rank === 0 && compareByAge(subject, rival) > 0);
  });
  if (lost.length === 0) {
    return {
      message: `In force for ${host} instead of ${name} for callers in ${list(
        new Set(common),
      )}.`,
      severity: 'info',
    };
  }
  return lost.length === own.size
    ? { message: `Never in force for ${host}: ${name} comes first.` }
    : {
        message: `Not in force for ${host} in ${list(
          new Set(lost),
        )}: callers there get ${name}.`,
        severity: 'info',
      };
}

function list(namespaces: Visibility): string {
  return typeof namespaces === 'string'
    ? 'every namespace'
    : [...namespaces].sort().join(', ');
}
