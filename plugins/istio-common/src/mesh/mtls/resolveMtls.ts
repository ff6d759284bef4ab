import { EntityMatch, WorkloadMatch } from '../../entity/types';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { describeMismatches } from './describeMismatches';
import { KnownPort, listWorkloadPorts } from './listWorkloadPorts';
import { observeEncryption } from './observeEncryption';
import { countProxies } from './resolveInboundProxy';
import { resolvePortMtls } from './resolvePortMtls';
import { MtlsPort, MtlsResult } from './types';

/** Live pods and how many of them have a proxy, by workload, for the differences. */
export interface PodProxies {
  workload: WorkloadMatch;
  total: number;
  withProxy: number;
}

/**
 * Encryption of a component: what each of its ports accepts and why, what its proxies saw, and where the
 * two differ. Ports that are the same in several clusters and workloads are one entry.
 */
export function resolveMtls(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
}): MtlsResult {
  const { match, snapshots, observations } = options;
  const ports = new Map<string, MtlsPort>();
  const proxies: PodProxies[] = [];
  const ambient = new Set<string>();
  for (const workload of match.workloads) {
    const snapshot = snapshots.find(
      ({ cluster }) => cluster === workload.cluster,
    );
    if (!snapshot) {
      continue;
    }
    for (const known of listWorkloadPorts(snapshot, workload)) {
      addPort(ports, { snapshot, workload, known });
    }
    const counted = countProxies(snapshot, workload);
    proxies.push({ workload, ...counted });
    if (counted.ambient > 0) {
      ambient.add(`${workload.namespace}/${workload.name}`);
    }
  }
  const sorted = [...ports.values()].sort(
    (a, b) => a.port - b.port || (a.mode < b.mode ? -1 : 1),
  );
  const observed = observeEncryption({ match, observations, ambient });
  return {
    ports: sorted,
    observed,
    mismatches: describeMismatches({ ports: sorted, observed, proxies }),
  };
}

function addPort(
  ports: Map<string, MtlsPort>,
  found: { snapshot: MeshSnapshot; workload: WorkloadMatch; known: KnownPort },
): void {
  const { snapshot, workload, known } = found;
  const resolved = resolvePortMtls({ snapshot, workload, port: known.port });
  const key = [
    known.port,
    resolved.mode,
    decisionKey(resolved.decidedBy),
    known.name,
    known.protocol,
  ].join('\n');
  const entry = ports.get(key);
  if (!entry) {
    ports.set(key, {
      ...known,
      ...resolved,
      clusters: [snapshot.cluster],
      workloads: [workload.name],
    });
    return;
  }
  pushNew(entry.clusters, snapshot.cluster);
  pushNew(entry.workloads, workload.name);
  for (const considered of resolved.considered) {
    if (
      !entry.considered.some(
        ({ object, why }) =>
          object === considered.object && why === considered.why,
      )
    ) {
      entry.considered.push(considered);
    }
  }
}

/** Equal decisions of two clusters differ only in the cluster. */
function decisionKey(decidedBy: DecidedBy): string {
  if (decidedBy.by !== 'object') {
    return JSON.stringify(decidedBy);
  }
  const { kind, namespace, name } = decidedBy.object;
  // The workload's own annotation decides alike on each of its workloads.
  const object = kind === 'PeerAuthentication' ? `${namespace}/${name}` : '';
  return `${kind} ${object} ${decidedBy.fieldPath}`;
}

function pushNew(list: string[], item: string): void {
  if (!list.includes(item)) {
    list.push(item);
  }
}
