/**
 * The full, lower-case form of an entity ref (`kind:namespace/name`), as the catalog compares them.
 * Short forms get the given kind and namespace. Undefined when the text is no entity ref.
 */
export function normalizeEntityRef(
  ref: string,
  defaults: { kind: string; namespace: string },
): string | undefined {
  const match = /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/.exec(
    ref.trim(),
  );
  if (!match) {
    return undefined;
  }
  const [, kind = defaults.kind, namespace = defaults.namespace, name] = match;
  return `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
}

const OWNER_DEFAULTS = { kind: 'group', namespace: 'default' };

/** Owners as the catalog compares them; what is no entity ref is left out. */
export function normalizeOwnerRefs(refs: readonly string[]): string[] {
  return refs
    .map(ref => normalizeEntityRef(ref, OWNER_DEFAULTS))
    .filter((ref): ref is string => ref !== undefined);
}
