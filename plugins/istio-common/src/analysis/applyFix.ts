import { applyJsonPatch } from '../resources/applyJsonPatch';
import type { KubeObject } from '../resources/types';
import type { FindingFix } from './types';

/** The object as the fix would make it; undefined where the object is no longer one that the fix fits. */
export function applyFix(
  object: KubeObject,
  fix: FindingFix,
): KubeObject | undefined {
  try {
    return applyJsonPatch(object, fix.patch);
  } catch {
    return undefined;
  }
}
