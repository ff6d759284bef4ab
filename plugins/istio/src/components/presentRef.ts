import { parseEntityRef } from '@backstage/catalog-model';

/** The name in an entity ref; a text that is no ref is shown as it is. */
export function presentRefName(entityRef: string): string {
  try {
    return parseEntityRef(entityRef).name;
  } catch {
    return entityRef;
  }
}
