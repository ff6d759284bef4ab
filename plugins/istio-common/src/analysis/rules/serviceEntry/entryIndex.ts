import {
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../../resources/fields';
import { compareByAge } from '../../../resources/objectKey';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import { perLists } from '../../../mesh/route/perLists';
import {
  readVisibility,
  type Visibility,
} from '../../../mesh/route/visibility';

/** A ServiceEntry as one of those that define a host or an address. */
export interface Claim {
  object: KubeObject;
  namespace: string;
  visibility: Visibility;
}

interface EntryIndex {
  byHost: ReadonlyMap<string, readonly Claim[]>;
  byAddress: ReadonlyMap<string, readonly Claim[]>;
  claims: ReadonlyMap<KubeObject, Claim>;
}

const build = perLists((lists, variant): EntryIndex => {
  const fallback = JSON.parse(variant) as string[];
  const byHost = new Map<string, Claim[]>();
  const byAddress = new Map<string, Claim[]>();
  const claims = new Map<KubeObject, Claim>();
  for (const object of [...(lists[0] as readonly KubeObject[])].sort(
    compareByAge,
  )) {
    const { hosts, exportTo } = readServiceEntry(object);
    const namespace = object.metadata.namespace ?? '';
    const claim: Claim = {
      object,
      namespace,
      visibility: readVisibility({ exportTo, fallback, namespace }),
    };
    claims.set(object, claim);
    for (const host of new Set(hosts)) add(byHost, host, claim);
    for (const address of new Set(textsOf(fieldsOf(object.spec).addresses))) {
      add(byAddress, address, claim);
    }
  }
  return { byHost, byAddress, claims };
});

function add(map: Map<string, Claim[]>, key: string, claim: Claim): void {
  const list = map.get(key);
  if (list) {
    list.push(claim);
  } else {
    map.set(key, [claim]);
  }
}

function indexOf(snapshot: MeshSnapshot): EntryIndex {
  return build(
    [snapshot.list('ServiceEntry')],
    JSON.stringify(meshDefaults(snapshot).serviceExportTo),
  );
}

/** All that define the host, oldest first; the subject among them. */
export function claimsOfHost(
  snapshot: MeshSnapshot,
  host: string,
): readonly Claim[] {
  return indexOf(snapshot).byHost.get(host) ?? [];
}

/** All that define the address or range, oldest first. */
export function claimsOfAddress(
  snapshot: MeshSnapshot,
  address: string,
): readonly Claim[] {
  return indexOf(snapshot).byAddress.get(address) ?? [];
}

/** The subject's own; undefined for an object that is not of the snapshot. */
export function claimOf(
  snapshot: MeshSnapshot,
  object: KubeObject,
): Claim | undefined {
  return indexOf(snapshot).claims.get(object);
}

/** Whether some namespace sees both. */
export function areSeenTogether(a: Claim, b: Claim): boolean {
  const [one, other] = [a.visibility, b.visibility];
  if (one === 'none' || other === 'none') return false;
  if (one === 'public' || other === 'public') return true;
  return [...one].some(namespace => other.has(namespace));
}

/**
 * Whether only age decides between two for a namespace that sees both. One that is exported to some
 * namespaces comes before a public one there, which is how a team overrides a host for itself.
 *
 * Source: istio/istio pilot/pkg/model PushContext.servicesExportedToNamespace (1.31).
 */
export function compete(a: Claim, b: Claim): boolean {
  return (
    areSeenTogether(a, b) &&
    (a.visibility === 'public') === (b.visibility === 'public')
  );
}

/** `STATIC`; NONE is the zero value of Istio's enum. */
export function resolutionOf(object: KubeObject): string {
  return textOf(fieldsOf(object.spec).resolution) ?? 'NONE';
}

/** Whether it lists endpoints of its own. */
export function listsEndpoints(object: KubeObject): boolean {
  return fieldsListOf(fieldsOf(object.spec).endpoints).length > 0;
}
