import { selectMeshRoutes } from '../../../mesh/traffic/selectMeshRoutes';
import { memoizeByIdentity } from '../../../resources/memoize';
import { fieldsOf, numberOf } from '../../../resources/fields';
import { resolveHost, serviceOfHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { TrafficObservation } from '../../../telemetry/types';
import { listCalledHosts } from '../../facts/calledHosts';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Tries of one request at the end of a path from which on it is told. */
const MANY = 10;
/** Calls in a row that are followed. */
const DEPTH = 4;

interface Retries {
  attempts: number;
  fieldPath: string;
}

/** The most that a rule of the VirtualService says; Istio's default of 2 is for failed connections and not counted. */
const mostRetries = memoizeByIdentity(
  (virtualService: KubeObject): Retries | undefined => {
    let most: Retries | undefined;
    for (const { protocol, fieldPath, fields } of readVirtualService(
      virtualService,
    ).rules) {
      const attempts = numberOf(fieldsOf(fields.retries).attempts) ?? 0;
      if (protocol === 'http' && attempts > (most?.attempts ?? 0)) {
        most = { attempts, fieldPath: `spec.${fieldPath}.retries.attempts` };
      }
    }
    return most;
  },
);

interface Path {
  /** Hosts after the first, in the order of the calls. */
  hosts: string[];
  tries: number;
}

interface World {
  snapshot: MeshSnapshot;
  traffic: TrafficObservation;
}

/** The path from the host on along which most tries come together. */
function worstPath(world: World, host: string, above: readonly string[]): Path {
  const { snapshot } = world;
  const namespace = serviceOfHost(host, snapshot.domain)?.namespace ?? '';
  let worst: Path = { hosts: [], tries: 1 };
  if (above.length >= DEPTH) return worst;
  for (const next of listCalledHosts(world, host)) {
    if (above.includes(next)) continue;
    const routes = selectMeshRoutes({
      snapshot,
      host: next,
      clientNamespace: namespace,
    });
    const retries =
      routes?.by === 'virtualService' ? mostRetries(routes.object) : undefined;
    if (!retries) continue;
    const rest = worstPath(world, next, [...above, next]);
    const tries = (retries.attempts + 1) * rest.tries;
    if (tries > worst.tries) worst = { hosts: [next, ...rest.hosts], tries };
  }
  return worst;
}

function shortName(host: string): string {
  return host.split('.')[0];
}

/** Source: istio.io reference HTTPRetry: each proxy on the way retries for itself. */
export const retriesMultiply: Rule = {
  code: 'ISB1207',
  name: 'traffic-retries-multiply',
  title: 'Retries multiply along a path of calls',
  severity: 'warning',
  explanation:
    'Each proxy on the way retries for itself. When the last service of a path fails, every try of the first call makes all tries of the next one: the service gets a multiple of its load just when it is in trouble.',
  remedy:
    'Retry at one place of the path, best next to the service that fails, and set attempts to 0 above it.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [...WORKLOAD_KINDS, 'Service', 'HTTPRoute', 'GRPCRoute'],
  reach: 'mesh',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const retries = mostRetries(subject);
    const { hosts, gateways } = readVirtualService(subject);
    if (!traffic || !retries || !gateways.includes(MESH_GATEWAY)) return [];
    const context = {
      namespace: subject.metadata.namespace ?? '',
      domain: snapshot.domain,
    };
    return hosts.flatMap(written => {
      const host = resolveHost(written, context);
      const path = worstPath({ snapshot, traffic }, host, [host]);
      const tries = (retries.attempts + 1) * path.tries;
      const last = path.hosts[path.hosts.length - 1];
      return last === undefined || tries < MANY
        ? []
        : [
            {
              message: `One request can become ${tries} at ${shortName(
                last,
              )}: the retries along ${[host, ...path.hosts]
                .map(shortName)
                .join(' → ')} multiply.`,
              path: retries.fieldPath,
            },
          ];
    });
  },
};
