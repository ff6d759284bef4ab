import { fieldsOf, textsOf } from '../../../resources/fields';
import {
  resolveHost,
  serviceHost,
  serviceOfHost,
} from '../../../resources/host';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import { readVirtualService } from '../../../resources/virtualService';
import {
  hostsOverlap,
  isCovered,
  isWildcard,
} from '../../../mesh/route/hostPatterns';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import { perLists } from '../../../mesh/route/perLists';
import { readVisibility } from '../../../mesh/route/visibility';
import type { MeshSnapshot } from '../../../snapshot/types';

interface Offer {
  namespace: string;
  host: string;
  exportTo: readonly string[];
}

interface Offers {
  exact: ReadonlyMap<string, readonly Offer[]>;
  wildcards: readonly Offer[];
  all: readonly Offer[];
}

function group(all: readonly Offer[]): Offers {
  const exact = new Map<string, Offer[]>();
  for (const offer of all) {
    const list = exact.get(offer.host);
    if (list) {
      list.push(offer);
    } else {
      exact.set(offer.host, [offer]);
    }
  }
  return { exact, all, wildcards: all.filter(({ host }) => isWildcard(host)) };
}

const entryHosts = perLists(lists =>
  group(
    (lists[0] as readonly KubeObject[]).flatMap(object => {
      const { hosts, exportTo } = readServiceEntry(object);
      const namespace = object.metadata.namespace ?? '';
      return hosts.map(host => ({ namespace, host, exportTo }));
    }),
  ),
);

const routeHosts = perLists((lists, domain) =>
  group(
    (lists[0] as readonly KubeObject[]).flatMap(object => {
      const namespace = object.metadata.namespace ?? '';
      const { exportTo } = readVirtualService(object);
      return textsOf(fieldsOf(object.spec).hosts).map(host => ({
        namespace,
        host: resolveHost(host, { namespace, domain }),
        exportTo,
      }));
    }),
  ),
);

/**
 * Whether an entry of a Sidecar imports anything: a service by its full name or a wildcard that covers
 * it, or a VirtualService one of whose hosts it meets. Without client: as any namespace sees it.
 *
 * Source: istio/istio pilot/pkg/model/sidecar.go, hostClassification (1.31).
 */
export function offersHost(
  snapshot: MeshSnapshot,
  wanted: { namespace: string; name: string; client?: string },
): boolean {
  const { serviceExportTo, virtualServiceExportTo } = meshDefaults(snapshot);
  const isSeen = (fallback: readonly string[]) => (offer: Offer) =>
    (wanted.namespace === '*' || offer.namespace === wanted.namespace) &&
    isVisibleTo(offer, fallback, wanted.client);
  return (
    hasService(snapshot, wanted) ||
    candidates(entryHosts([snapshot.list('ServiceEntry')]), wanted.name)
      .filter(({ host }) => isCovered(host, wanted.name))
      .some(isSeen(serviceExportTo)) ||
    candidates(
      routeHosts([snapshot.list('VirtualService')], snapshot.domain),
      wanted.name,
    )
      .filter(({ host }) => hostsOverlap(host, wanted.name))
      .some(isSeen(virtualServiceExportTo))
  );
}

function candidates(offers: Offers, name: string): readonly Offer[] {
  return isWildcard(name)
    ? offers.all
    : [...(offers.exact.get(name) ?? []), ...offers.wildcards];
}

function isVisibleTo(
  { exportTo, namespace }: Offer,
  fallback: readonly string[],
  client: string | undefined,
): boolean {
  const seenBy = readVisibility({ exportTo, fallback, namespace });
  return (
    seenBy === 'public' ||
    (seenBy !== 'none' && (client === undefined || seenBy.has(client)))
  );
}

function hasService(
  snapshot: MeshSnapshot,
  wanted: { namespace: string; name: string },
): boolean {
  const { namespace, name } = wanted;
  if (isWildcard(name)) {
    return servicesUnder(snapshot, wanted).some(({ metadata }) =>
      isCovered(
        serviceHost(
          { namespace: metadata.namespace ?? '', name: metadata.name },
          snapshot.domain,
        ),
        name,
      ),
    );
  }
  const service = serviceOfHost(name, snapshot.domain);
  return (
    service !== undefined &&
    (namespace === '*' || namespace === service.namespace) &&
    snapshot.get('Service', service.namespace, service.name) !== undefined
  );
}

/** Services that a wildcard may cover: `*.catalog.svc.cluster.local` only those of catalog. */
function servicesUnder(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): readonly KubeObject[] {
  const suffix = `.svc.${snapshot.domain}`;
  const named = name.endsWith(suffix)
    ? name.slice(0, -suffix.length).split('.').pop()
    : undefined;
  if (!named && !suffix.endsWith(name.slice(1))) return [];
  const only = named && !isWildcard(named) ? named : undefined;
  if (namespace !== '*') {
    return only === undefined || only === namespace
      ? snapshot.inNamespace('Service', namespace)
      : [];
  }
  return only === undefined
    ? snapshot.list('Service')
    : snapshot.inNamespace('Service', only);
}
