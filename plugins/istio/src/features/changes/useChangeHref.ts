import { useCallback } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { ENTITY_CONTENT_PATH } from '../../routes';

/** Path of the Changes view below the Mesh tab. */
const CHANGES_PATH = `${ENTITY_CONTENT_PATH}/changes`;

/** Path, within the portal, of a change of a component. */
export function useChangeHref(entityRef: string): (id: string) => string {
  const linkTo = useEntityRefLink();
  return useCallback(
    id =>
      `${linkTo(
        parseEntityRef(entityRef),
      )}${CHANGES_PATH}?change=${encodeURIComponent(id)}`,
    [linkTo, entityRef],
  );
}
