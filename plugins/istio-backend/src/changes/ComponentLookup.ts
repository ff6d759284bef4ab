import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  matchWorkloads,
  parseMeshClaim,
  type EntityMatch,
  type MeshSnapshot,
  type NamespaceBinding,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';

/** A component as the mesh knows it now. */
export interface Component {
  entityRef: string;
  /** Name for titles. */
  name: string;
  match: EntityMatch;
}

/** Options of {@link ComponentLookup}. */
export interface ComponentLookupOptions {
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  reader: MeshReader;
  ownership: NamespaceBinding;
}

/** Finds what belongs to an entity: its annotations are a claim, the namespace's binding decides. */
export class ComponentLookup {
  static create(options: ComponentLookupOptions): ComponentLookup {
    return new ComponentLookup(options);
  }

  private constructor(private readonly options: ComponentLookupOptions) {}

  /** As the catalog shows it to these credentials. Throws NotFoundError when it does not. */
  async find(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Component> {
    const { catalog, reader, ownership } = this.options;
    const entity = await catalog.getEntityByRef(entityRef, { credentials });
    if (!entity) {
      throw new NotFoundError(`The catalog has no entity ${entityRef}`);
    }
    const match = matchWorkloads({
      claim: parseMeshClaim(entity),
      snapshots: reader
        .clusters()
        .map(({ name }) => reader.snapshot(name))
        .filter((each): each is MeshSnapshot => each !== undefined),
      binding: ownership,
    });
    return { entityRef, name: entity.metadata.name, match };
  }

  /** For the portal's own work after a change, with nobody waiting. */
  async findAsPortal(entityRef: string): Promise<Component> {
    return this.find(
      entityRef,
      await this.options.auth.getOwnServiceCredentials(),
    );
  }
}
