import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** Annotations by which an entity says that it has workloads in a mesh; one of them is enough. */
const MESH_ANNOTATIONS = [
  'backstage.io/kubernetes-id',
  'backstage.io/kubernetes-label-selector',
  'istio-portal.dev/selector',
  'istio-portal.dev/service',
];

/** Small: the catalog, in the same process as a rule, answers a page without letting others have a turn. */
const PAGE_SIZE = 100;

/** Entities with a mesh annotation that these credentials may see, page by page. */
export async function* listMeshEntities(options: {
  catalog: Pick<CatalogService, 'queryEntities'>;
  credentials: BackstageCredentials;
  fields: string[];
}): AsyncGenerator<Entity> {
  const { catalog, credentials, fields } = options;
  let cursor: string | undefined;
  do {
    const page = await catalog.queryEntities(
      cursor
        ? { cursor, limit: PAGE_SIZE, fields }
        : {
            filter: MESH_ANNOTATIONS.map(annotation => ({
              [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
            })),
            limit: PAGE_SIZE,
            fields,
          },
      { credentials },
    );
    yield* page.items;
    cursor = page.pageInfo.nextCursor;
  } while (cursor);
}
