import { trackUpdate } from '../fields/managedFields';
import type { Server } from '../requests/types';
import type { ServedResource } from '../resources/ResourceRegistry';
import { apiVersionOf, convertObject } from '../resources/ResourceRegistry';
import {
  shapeObject,
  validateAgainstSchema,
} from '@istio-backstage/plugin-istio-common/schema';
import type { KubeObject, ObjectChange, ObjectStore } from '../types';
import { jsonEqual, type JsonObject } from '../json';
import { checkMetadata } from '../verbs/checkMetadata';
import { completeCoreObject, fillCoreFields } from '../verbs/coreRules';
import { formatTime } from '../verbs/createObject';
import { ownershipRules, specChanged } from '../verbs/finishWrite';
import type { ObjectKey } from './MemoryStore';

/** Field manager of objects that came with the world. */
const MANAGER = 'sandbox';

/** The administrator's door to the store: no authorization, no admission, but the same shapes. */
export class SeededStore implements ObjectStore {
  constructor(
    private readonly server: Server,
    private readonly validate: boolean,
  ) {}

  list(resource: string, options: { namespace?: string } = {}): KubeObject[] {
    return this.server.store.list(this.known(resource), options.namespace);
  }

  get(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.server.store.get(this.known(resource), key);
  }

  remove(resource: string, key: ObjectKey): KubeObject | undefined {
    return this.server.store.delete(this.known(resource), key);
  }

  subscribe(listener: (change: ObjectChange) => void): () => void {
    return this.server.store.subscribe(listener);
  }

  history(resources?: string[]): ObjectChange[] {
    resources?.forEach(resource => this.known(resource));
    return this.server.store.history(resources);
  }

  resourceVersion(): number {
    return this.server.store.currentVersion();
  }

  apply(object: KubeObject): KubeObject {
    const { registry, store, clock } = this.server;
    const resource = registry.ofObject(object);
    if (!resource) {
      throw new Error(
        `The sandbox does not serve ${object.apiVersion} ${object.kind}`,
      );
    }
    const { type } = resource;
    const { name, namespace } = object.metadata;
    const shaped = this.shape(object, resource);
    const metadata = shaped.metadata as JsonObject;
    this.checkPlace(object, resource);
    const previous = store.get(type.id, { namespace, name });
    metadata.uid = previous?.metadata.uid ?? metadata.uid ?? store.nextUid();
    metadata.creationTimestamp =
      previous?.metadata.creationTimestamp ??
      metadata.creationTimestamp ??
      formatTime(clock());
    completeCoreObject(shaped, type);
    fillCoreFields(shaped, type, store);
    this.check(shaped, resource);
    this.count(shaped, resource, previous);
    metadata.managedFields = this.ownersOf(shaped, resource, previous);
    metadata.resourceVersion = previous?.metadata.resourceVersion;
    const stored = convertObject(
      shaped as unknown as KubeObject,
      type,
      type.storageVersion,
    );
    return previous && jsonEqual(previous, stored)
      ? previous
      : store.put(type.id, stored);
  }

  private known(resource: string): string {
    if (!this.server.registry.byName(resource)) {
      throw new Error(
        `The sandbox has no resource ${resource}; resources are named plural.group, as kubectl names them`,
      );
    }
    return resource;
  }

  private shape(object: KubeObject, resource: ServedResource): JsonObject {
    const { object: shaped, unknownFields } = shapeObject(
      object as unknown as JsonObject,
      resource.version.schema,
      this.server.registry.catalog,
    );
    if (unknownFields.length > 0 && this.validate) {
      throw new Error(
        `${describe(
          object,
        )} has fields its schema does not know: ${unknownFields.join(', ')}`,
      );
    }
    return shaped;
  }

  private checkPlace(object: KubeObject, { type }: ServedResource): void {
    const { namespace } = object.metadata;
    if (type.namespaced !== (namespace !== undefined)) {
      throw new Error(
        `${describe(object)} must ${
          type.namespaced ? '' : 'not '
        }name a namespace`,
      );
    }
    if (
      namespace !== undefined &&
      !this.server.store.get('namespaces', { name: namespace })
    ) {
      throw new Error(
        `${describe(object)} stands in a namespace that does not exist`,
      );
    }
  }

  private check(shaped: JsonObject, resource: ServedResource): void {
    const { type, version } = resource;
    if (!this.validate) {
      return;
    }
    const errors = checkMetadata(shaped.metadata as JsonObject, type);
    if (type.crd) {
      errors.push(
        ...validateAgainstSchema({
          object: shaped,
          schema: version.schema,
          references: this.server.registry.catalog,
        }).errors,
      );
    }
    if (errors.length > 0) {
      const texts = errors.map(error => `${error.field}: ${error.message}`);
      throw new Error(
        `${describe(shaped as unknown as KubeObject)} is invalid: ${texts.join(
          '; ',
        )}`,
      );
    }
  }

  private count(
    shaped: JsonObject,
    { type }: ServedResource,
    previous?: KubeObject,
  ): void {
    const metadata = shaped.metadata as JsonObject;
    if (!type.generation) {
      return;
    }
    const before = previous?.metadata.generation ?? 0;
    const changed =
      !previous || specChanged(previous as unknown as JsonObject, shaped);
    metadata.generation = changed
      ? Number(metadata.generation ?? before + 1)
      : before;
  }

  /** Objects of CRD kinds are tracked from the start; the others only when they come with owners. */
  private ownersOf(
    shaped: JsonObject,
    resource: ServedResource,
    previous?: KubeObject,
  ): unknown {
    const metadata = shaped.metadata as JsonObject;
    const given = metadata.managedFields;
    if (given !== undefined) {
      return given;
    }
    const { type, version } = resource;
    const tracked = previous
      ? (previous.metadata.managedFields?.length ?? 0) > 0
      : type.crd;
    if (!tracked) {
      return undefined;
    }
    const now = formatTime(this.server.clock());
    return trackUpdate({
      before: previous as unknown as JsonObject | undefined,
      after: shaped,
      writer: {
        manager: MANAGER,
        apiVersion: apiVersionOf(type.group, version.name),
        time: previous ? now : String(metadata.creationTimestamp),
      },
      rules: ownershipRules(this.server, resource),
    });
  }
}

function describe(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
