import {
  KubeObject,
  MeshSnapshot,
  validateObject,
} from '@istio-backstage/plugin-istio-common';
import { snapshotOf } from '@istio-backstage/plugin-istio-common/testUtils';

/** A whole small mesh. */
export interface World {
  objects: readonly KubeObject[];
  meshConfig?: Readonly<Record<string, unknown>>;
}

/** The world as the oracle reads it. JSON is YAML. */
export function worldForOracle(world: World): {
  yaml: string;
  meshConfig: string;
} {
  return {
    yaml: world.objects.map(object => JSON.stringify(object)).join('\n---\n'),
    meshConfig: JSON.stringify(world.meshConfig ?? {}),
  };
}

/** The world as the core reads it. */
export function worldForCore(world: World): MeshSnapshot {
  return snapshotOf(world.objects, { meshConfig: world.meshConfig ?? {} });
}

/**
 * Without the objects that istiod's webhook would refuse. It is the core's own judgement: where it lets one
 * through, the oracle refuses the world and the run fails.
 */
export function withoutInvalid(objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(object => validateObject(object).errors.length === 0);
}
