import type { ExternalChange } from '../changes/externalChange';
import type { ObjectRef } from '../resources/types';

/** Title of the change, its subject first: `reviews: VirtualService edited, spec.http[0].timeout`. */
export function titleExternal(
  object: Pick<ObjectRef, 'kind' | 'name'>,
  external: Pick<ExternalChange, 'action' | 'fields'>,
): string {
  const { action, fields } = external;
  const [first, ...others] = fields;
  const what =
    action === 'edited' && first !== undefined
      ? `, ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`
      : '';
  return `${object.name}: ${object.kind} ${action}${what}`;
}

/** `kubectl-edit (claimed)`, or that nothing tells. */
export function describeClaim({
  action,
  claims,
}: Pick<ExternalChange, 'action' | 'claims'>): string {
  if (claims.length === 0) {
    return action === 'deleted'
      ? 'nobody can tell from the object who deleted it'
      : 'nobody can tell from the object who wrote it';
  }
  return `${[...new Set(claims.map(({ manager }) => manager))].join(
    ', ',
  )} (claimed)`;
}

/** `3 changes, 2 not seen`; nothing where the one that was seen is all. */
export function describeGap({
  generations = 1,
}: Pick<ExternalChange, 'generations'>): string | undefined {
  return generations > 1
    ? `${generations} changes, ${generations - 1} not seen`
    : undefined;
}
