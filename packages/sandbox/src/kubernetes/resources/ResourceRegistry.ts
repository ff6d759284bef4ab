import type { KubeObject } from '../types';
import { SchemaCatalog, compareVersions } from './SchemaCatalog';
import type { ResourceType, ServedVersion } from './resourceType';

export interface ServedResource {
  type: ResourceType;
  version: ServedVersion;
}

/** Looks kinds up by URL, by object and by kubectl's name. */
export class ResourceRegistry {
  private readonly byId = new Map<string, ResourceType>();
  private readonly byKind = new Map<string, ResourceType>();

  constructor(readonly catalog: SchemaCatalog) {
    for (const type of catalog.types) {
      this.byId.set(type.id, type);
      this.byKind.set(`${type.group}/${type.kind}`, type);
    }
  }

  types(): ResourceType[] {
    return this.catalog.types;
  }

  /** Groups besides the core group, with their versions, the preferred one first. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, Set<string>>();
    for (const type of this.catalog.types) {
      const versions = groups.get(type.group) ?? new Set();
      type.versions.forEach(version => versions.add(version.name));
      groups.set(type.group, versions);
    }
    groups.delete('');
    return new Map(
      [...groups].map(([group, versions]) => [
        group,
        [...versions].sort(compareVersions),
      ]),
    );
  }

  byName(id: string): ResourceType | undefined {
    return this.byId.get(id);
  }

  served(
    group: string,
    version: string,
    plural: string,
  ): ServedResource | undefined {
    const type = this.byId.get(group ? `${plural}.${group}` : plural);
    const served = type?.versions.find(({ name }) => name === version);
    return type && served && { type, version: served };
  }

  /** The kind of an object by its apiVersion and kind. */
  ofObject(object: {
    apiVersion?: unknown;
    kind?: unknown;
  }): ServedResource | undefined {
    const [group, name] = splitApiVersion(String(object.apiVersion));
    const type = this.byKind.get(`${group}/${String(object.kind)}`);
    const version = type?.versions.find(served => served.name === name);
    return type && version && { type, version };
  }
}

/** `networking.istio.io/v1` to group and version; the core group is empty. */
function splitApiVersion(apiVersion: string): [string, string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? ['', apiVersion]
    : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

export function apiVersionOf(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

/**
 * An object in another served version. Istio's and Gateway API's CRDs convert with strategy `None`:
 * only `apiVersion` changes.
 */
export function convertObject<T extends KubeObject>(
  object: T,
  type: ResourceType,
  version: string,
): T {
  const apiVersion = apiVersionOf(type.group, version);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
