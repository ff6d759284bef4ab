import { EntityMatch } from '../../entity/types';
import { readServiceEntry } from '../../resources/serviceEntry';
import { compareByAge } from '../../resources/objectKey';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { resolveDataPlane } from '../dataplane/resolveDataPlane';
import { whoSetOutboundMode } from '../route/answers';
import { importedServices, proxyView, ProxyView } from '../route/proxyView';
import { KnownOutside, Outbound } from './types';

const TEXTS = {
  any: 'Anything: hosts nobody declared are sent on as they are',
  declared: 'Only the hosts below: what nobody declared is refused',
  mixed: 'Some pods may reach anything, others only the hosts below',
} as const;

/**
 * What the component's proxies let it reach outside: hosts of ServiceEntries that are exported to it and
 * that its Sidecar imports, and with ALLOW_ANY whatever else it dials.
 */
export function resolveOutboundReach(
  snapshot: MeshSnapshot,
  match: EntityMatch,
): Outbound {
  const views = viewsOf(snapshot, match);
  const { mode: plane } = resolveDataPlane({ match, snapshots: [snapshot] });
  if (views.length === 0 || plane === 'unknown') {
    return {
      mode: 'unknown',
      text: 'Unknown: no pod of the component could be looked at',
      decidedBy: [],
      hosts: [],
    };
  }
  const hosts = knownHosts(snapshot, views);
  if (plane === 'none' || plane === 'ambient') {
    return {
      mode: 'unlimited',
      text:
        plane === 'none'
          ? 'Anything: its pods have no proxy that could refuse'
          : 'Anything: in ambient mode no proxy of the caller refuses unknown hosts',
      decidedBy: [{ by: 'nothing', note: 'no sidecar' }],
      hosts: plane === 'none' ? [] : hosts,
    };
  }
  const closed = views.filter(
    ({ outboundMode }) => outboundMode === 'REGISTRY_ONLY',
  );
  const mode = modeOf(closed.length, views.length);
  return {
    mode,
    text: TEXTS[mode],
    decidedBy: distinct(views.map(whoSetOutboundMode)),
    hosts,
  };
}

function modeOf(closed: number, all: number): keyof typeof TEXTS {
  if (closed === 0) {
    return 'any';
  }
  return closed === all ? 'declared' : 'mixed';
}

function viewsOf(snapshot: MeshSnapshot, match: EntityMatch): ProxyView[] {
  return match.workloads
    .filter(({ cluster }) => cluster === snapshot.cluster)
    .flatMap(workload => {
      const object = snapshot.workload(workload);
      return object
        ? [
            proxyView(snapshot, {
              kind: 'sidecar',
              namespace: workload.namespace,
              labels: readWorkload(object).labels,
            }),
          ]
        : [];
    });
}

function distinct(deciders: readonly DecidedBy[]): DecidedBy[] {
  const byText = new Map(deciders.map(by => [JSON.stringify(by), by]));
  return [...byText.values()];
}

function knownHosts(
  snapshot: MeshSnapshot,
  views: readonly ProxyView[],
): KnownOutside[] {
  if (!isKnown(snapshot, 'ServiceEntry')) {
    return [];
  }
  return [...snapshot.list('ServiceEntry')]
    .sort(compareByAge)
    .filter(object => readServiceEntry(object).external)
    .flatMap(object => {
      const { hosts, ports } = readServiceEntry(object);
      return hosts
        .filter(host => views.some(view => imports(view, object, host)))
        .map(host => ({
          host,
          ports: ports.map(({ port }) => port),
          object: snapshot.refOf(object),
        }));
    });
}

function imports(view: ProxyView, object: KubeObject, host: string): boolean {
  return view.scope.listeners.some(listener =>
    importedServices(view, listener, host).some(
      service => service.object === object,
    ),
  );
}
