import type { EntityMatch } from '../entity/types';
import { fieldsOf, labelsOf } from '../resources/fields';
import { readDestinationRule } from '../resources/destinationRule';
import { resolveHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import { isEmptySelector, matchesLabels } from '../resources/selector';
import type { KubeObject } from '../resources/types';
import { readVirtualService } from '../resources/virtualService';
import { readWorkload } from '../resources/workload';
import type { MeshSnapshot } from '../snapshot/types';
import type { MeshFinding } from './types';

/** A component's part of one cluster. */
interface Own {
  /** `catalog/reviews-v1` */
  workloads: ReadonlySet<string>;
  services: ReadonlySet<string>;
  hosts: ReadonlySet<string>;
  namespaces: ReadonlySet<string>;
  /** Pod labels of each workload, by namespace. */
  labels: readonly {
    namespace: string;
    labels: Readonly<Record<string, string>>;
  }[];
}

/**
 * The findings that concern a component in one cluster: about its Services and workloads, about policies
 * that select its pods (those for the whole namespace or mesh included), and about routes and rules that
 * name one of its hosts.
 */
export function selectForComponent(options: {
  match: EntityMatch;
  snapshot: MeshSnapshot;
  findings: readonly MeshFinding[];
}): MeshFinding[] {
  const { match, snapshot, findings } = options;
  const own = readOwn(match, snapshot);
  return findings.filter(finding => {
    const kind = kindNameOf(finding.object);
    const object =
      kind && snapshot.get(kind, finding.object.namespace, finding.object.name);
    return object !== undefined && concerns(object, own, snapshot);
  });
}

function readOwn(match: EntityMatch, snapshot: MeshSnapshot): Own {
  const here = <T extends { cluster: string }>(list: readonly T[]) =>
    list.filter(({ cluster }) => cluster === snapshot.cluster);
  const workloads = here(match.workloads);
  const services = here(match.services);
  const name = (one: { namespace: string; name: string }) =>
    `${one.namespace}/${one.name}`;
  return {
    workloads: new Set(workloads.map(name)),
    services: new Set(services.map(name)),
    hosts: new Set(services.map(({ host }) => host)),
    namespaces: new Set(
      [...workloads, ...services].map(({ namespace }) => namespace),
    ),
    labels: workloads.flatMap(({ kind, namespace, name: workload }) => {
      const object = snapshot.workload({ kind, namespace, name: workload });
      return object ? [{ namespace, labels: readWorkload(object).labels }] : [];
    }),
  };
}

function concerns(
  object: KubeObject,
  own: Own,
  snapshot: MeshSnapshot,
): boolean {
  const { namespace = '', name } = object.metadata;
  switch (kindNameOf(object)) {
    case 'Service':
      return own.services.has(`${namespace}/${name}`);
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Pod':
      return own.workloads.has(`${namespace}/${name}`);
    case 'Namespace':
      return own.namespaces.has(name);
    case 'VirtualService':
    case 'DestinationRule':
    case 'ServiceEntry':
    case 'HTTPRoute':
    case 'GRPCRoute':
      return namesHost(object, own, snapshot.domain);
    case 'Gateway':
    case 'KubernetesGateway':
    case undefined:
      return false;
    default:
      return selects(object, own, snapshot.rootNamespace);
  }
}

function namesHost(object: KubeObject, own: Own, domain: string): boolean {
  const namespace = object.metadata.namespace ?? '';
  const isOwn = (host: string) =>
    own.hosts.has(resolveHost(host, { namespace, domain }));
  const kind = kindNameOf(object);
  if (kind === 'VirtualService') {
    const { hosts, rules } = readVirtualService(object);
    return (
      hosts.some(isOwn) ||
      rules.some(({ destinations }) =>
        destinations.some(({ host }) => isOwn(host)),
      )
    );
  }
  if (kind === 'DestinationRule') {
    return isOwn(readDestinationRule(object).host);
  }
  if (kind === 'ServiceEntry') {
    const { hosts } = fieldsOf(object.spec);
    return (
      Array.isArray(hosts) &&
      hosts.some(host => typeof host === 'string' && isOwn(host))
    );
  }
  const { parents, rules } = readGatewayApiRoute(object);
  return [...parents, ...rules.flatMap(({ backends }) => backends)].some(
    ref =>
      ref.kind === 'Service' &&
      own.services.has(`${ref.namespace}/${ref.name}`),
  );
}

/** Policies carry their selector under one of two names. */
function selects(object: KubeObject, own: Own, root: string): boolean {
  const namespace = object.metadata.namespace ?? '';
  const spec = fieldsOf(object.spec);
  const selector = {
    ...labelsOf(fieldsOf(spec.selector).matchLabels),
    ...labelsOf(fieldsOf(spec.workloadSelector).labels),
  };
  const reaches = (target: string) =>
    target === namespace || namespace === root;
  if (isEmptySelector(selector)) return [...own.namespaces].some(reaches);
  return own.labels.some(
    workload =>
      reaches(workload.namespace) && matchesLabels(selector, workload.labels),
  );
}
