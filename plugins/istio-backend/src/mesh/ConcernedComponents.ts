import {
  concernsComponent,
  EntityMatch,
  KubeObject,
  MeshSnapshot,
  objectReach,
} from '@istio-backstage/plugin-istio-common';
import { ResultCache } from '../caching/ResultCache';
import type { WorkloadDirectory } from './WorkloadDirectory';

interface Component {
  entityRef: string;
  match: EntityMatch;
}

/** Components of one cluster by where they are, and what was asked about objects so far. */
interface Places {
  all: Component[];
  byNamespace: Map<string, Component[]>;
  byService: Map<string, Component[]>;
  known: WeakMap<KubeObject, readonly string[]>;
}

/** Which components an object concerns, whoever asks; what a person may know of it is decided elsewhere. */
export class ConcernedComponents {
  private readonly places = new ResultCache<Places>(100);

  constructor(
    private readonly directory: Pick<WorkloadDirectory, 'matches' | 'revision'>,
  ) {}

  /** Grows when an answer may have changed for the same object. */
  revision(): number {
    return this.directory.revision();
  }

  /** Refs in the order of their names; none before the components were read. */
  of(object: KubeObject, snapshot: MeshSnapshot): readonly string[] {
    const places = this.placesOf(snapshot);
    const known = places.known.get(object);
    if (known) return known;
    const refs = candidates(object, { snapshot, places })
      .filter(({ match }) => concernsComponent(object, { match, snapshot }))
      .map(({ entityRef }) => entityRef)
      .sort();
    places.known.set(object, refs);
    return refs;
  }

  private placesOf(snapshot: MeshSnapshot): Places {
    return this.places.get({
      key: snapshot.cluster,
      dependsOn: [snapshot, this.directory.revision()],
      compute: () => buildPlaces(this.directory.matches(), snapshot.cluster),
    });
  }
}

function candidates(
  object: KubeObject,
  { snapshot, places }: { snapshot: MeshSnapshot; places: Places },
): Component[] {
  const { namespaces, services, everywhere } = objectReach(object, snapshot);
  if (everywhere) return places.all;
  const found = new Set<Component>();
  for (const name of namespaces) {
    places.byNamespace.get(name)?.forEach(one => found.add(one));
  }
  for (const name of services) {
    places.byService.get(name)?.forEach(one => found.add(one));
  }
  return [...found];
}

function buildPlaces(
  matches: Iterable<readonly [string, EntityMatch]>,
  cluster: string,
): Places {
  const places: Places = {
    all: [],
    byNamespace: new Map(),
    byService: new Map(),
    known: new WeakMap(),
  };
  for (const [entityRef, match] of matches) {
    const workloads = match.workloads.filter(one => one.cluster === cluster);
    const services = match.services.filter(one => one.cluster === cluster);
    const found = [...workloads, ...services];
    if (found.length === 0) continue;
    const component = { entityRef, match };
    places.all.push(component);
    for (const name of new Set(found.map(one => one.namespace))) {
      push(places.byNamespace, name, component);
    }
    for (const { namespace, name } of services) {
      push(places.byService, `${namespace}/${name}`, component);
    }
  }
  return places;
}

function push(
  map: Map<string, Component[]>,
  key: string,
  component: Component,
): void {
  const known = map.get(key);
  if (known) known.push(component);
  else map.set(key, [component]);
}
