import { fieldsOf, type Fields } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { checkBackend, copyBackend } from '../routing/addedBackends';
import { planDestinations } from '../routing/addedDestinations';
import { findVersions } from '../routing/findVersions';
import { definedSubsets } from '../routing/planSubsets';
import type { RouteRule } from '../routing/routeRule';
import type { CompileProblem } from '../types';
import type { AbTestParams } from './schema';

/** A version and the parameter that names it. */
export interface WantedVersion {
  key: string;
  field: string;
}

/** How destinations of versions are written, without weights. */
export interface VersionEntries {
  entries: ReadonlyMap<string, Fields>;
  /** Those with the subsets that were missing. */
  destinationRules: KubeObject[];
}

interface EntrySource {
  params: AbTestParams;
  object: KubeObject;
  snapshot: MeshSnapshot;
  base: RouteRule;
  wanted: readonly WantedVersion[];
}

/** A destination per version: as the route writes it, else modelled on its siblings. */
export function planEntries(
  source: EntrySource,
): VersionEntries | { problems: CompileProblem[] } {
  const { base, wanted } = source;
  const entries = new Map<string, Fields>();
  base.destinations.forEach(({ key }, index) => {
    const { weight: _, ...entry } = base.entries[index];
    entries.set(key, entry);
  });
  const missing = wanted.filter(
    ({ key }, index) =>
      !entries.has(key) && wanted.findIndex(each => each.key === key) === index,
  );
  if (missing.length === 0) {
    return { entries, destinationRules: [] };
  }
  return source.object.kind === 'HTTPRoute'
    ? addBackends(source, { entries, missing })
    : addDestinations(source, { entries, missing });
}

interface Missing {
  entries: Map<string, Fields>;
  missing: readonly WantedVersion[];
}

function addDestinations(
  { params, snapshot, base }: EntrySource,
  { entries, missing }: Missing,
): VersionEntries | { problems: CompileProblem[] } {
  const service = { namespace: params.namespace, name: params.service };
  const place = { snapshot, service };
  const versions = findVersions(snapshot, service);
  const allowed = [
    ...new Set([
      ...entries.keys(),
      ...definedSubsets(place),
      ...versions.map(({ key }) => key),
    ]),
  ];
  const unknown = missing.filter(({ key }) => !allowed.includes(key));
  if (unknown.length > 0) {
    return {
      problems: unknown.map(({ key, field }) => ({
        field,
        message: `${key} is no version of ${service.name}; allowed: ${
          allowed.join(', ') || 'none'
        }`,
      })),
    };
  }
  const planned = planDestinations({
    rule: base,
    place,
    keys: missing.map(({ key }) => key),
    versions,
    field: missing[0].field,
  });
  if ('problem' in planned) {
    return { problems: [planned.problem] };
  }
  missing.forEach(({ key }, index) => entries.set(key, planned.entries[index]));
  return { entries, destinationRules: planned.destinationRules };
}

function addBackends(
  { object, snapshot, base }: EntrySource,
  { entries, missing }: Missing,
): VersionEntries | { problems: CompileProblem[] } {
  const namespace = object.metadata.namespace ?? '';
  const [sibling] = base.entries;
  const problems = missing.flatMap(({ key, field }): CompileProblem[] => {
    const message = snapshot.get('Service', namespace, key)
      ? checkBackend({ snapshot, namespace, name: key, sibling })
      : `${key} is no Service in namespace ${namespace}; allowed: ${[
          ...entries.keys(),
        ].join(', ')}, or the name of a Service there`;
    return message ? [{ field, message }] : [];
  });
  if (problems.length > 0) {
    return { problems };
  }
  for (const { key } of missing) {
    entries.set(key, copyBackend(fieldsOf(sibling), key));
  }
  return { entries, destinationRules: [] };
}
