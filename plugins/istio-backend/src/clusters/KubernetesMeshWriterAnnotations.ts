import type {
  JsonPatchOperation,
  KubeObject,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { WriteContext } from '@istio-backstage/plugin-istio-node';

/** Annotation with the ULID of the change that last wrote the object. */
export const CHANGE_ID_ANNOTATION = 'istio-portal.dev/change-id';
/** Annotation with the entity ref of the person behind it. */
const CHANGED_BY_ANNOTATION = 'istio-portal.dev/changed-by';

/** What every written object says about the change that wrote it. */
export function annotationsOf(context: WriteContext): Record<string, string> {
  return {
    [CHANGE_ID_ANNOTATION]: context.changeId,
    ...(context.changedBy
      ? { [CHANGED_BY_ANNOTATION]: context.changedBy }
      : {}),
  };
}

/**
 * Patch steps that set them. The live object decides whether `/metadata/annotations` has to be made
 * first: `add` on a present one would drop the annotations of others.
 */
export function annotationPatch(
  operation: PlanOperation,
  live: KubeObject,
  context: WriteContext,
): JsonPatchOperation[] {
  const replaced = (operation.patch ?? [])
    .filter(step => step.op !== 'test' && step.path === '/metadata/annotations')
    .at(-1);
  const present = replaced
    ? replaced.op !== 'remove'
    : live.metadata.annotations !== undefined;
  const steps = Object.entries(annotationsOf(context)).map(
    ([key, value]): JsonPatchOperation => ({
      op: 'add',
      path: `/metadata/annotations/${escapePointer(key)}`,
      value,
    }),
  );
  return present
    ? steps
    : [{ op: 'add', path: '/metadata/annotations', value: {} }, ...steps];
}

/** RFC 6901. */
function escapePointer(key: string): string {
  return key.replace(/~/g, '~0').replace(/\//g, '~1');
}
