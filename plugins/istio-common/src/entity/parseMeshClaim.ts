import { parseLabelSelector } from '../resources/selector';
import {
  KUBERNETES_CLUSTER,
  KUBERNETES_ID,
  KUBERNETES_LABEL_SELECTOR,
  KUBERNETES_NAMESPACE,
  MESH_CLUSTERS,
  MESH_HEALTH,
  MESH_NAMESPACE,
  MESH_SELECTOR,
  MESH_SERVICE,
} from './annotations';
import { normalizeEntityRef } from './entityRef';
import { EntityMeshClaim } from './types';

/** The part of a catalog entity that a claim is read from. */
export interface ClaimingEntity {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  relations?: { type: string; targetRef: string }[];
}

/**
 * What an entity says about its place in the mesh; undefined when it says nothing. A claim only: what may
 * be shown is decided by `matchWorkloads`. Terms of a selector that cannot be held are in `problems`, and
 * a claim with problems matches nothing.
 */
export function parseMeshClaim(
  entity: ClaimingEntity,
): EntityMeshClaim | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const services = list(annotations[MESH_SERVICE]);
  const selection = readSelection(annotations);
  if (!selection && services.length === 0) {
    return undefined;
  }
  const entityNamespace = entity.metadata.namespace ?? 'default';
  const claim: EntityMeshClaim = {
    entityRef:
      `${entity.kind}:${entityNamespace}/${entity.metadata.name}`.toLocaleLowerCase(
        'en-US',
      ),
    clusters: list(
      annotations[MESH_CLUSTERS] ?? annotations[KUBERNETES_CLUSTER],
    ),
    selector: selection?.selector ?? {},
    selectorFrom: selection?.from ?? MESH_SERVICE,
    services,
  };
  const ownerRef = readOwner(entity, entityNamespace);
  if (ownerRef) {
    claim.ownerRef = ownerRef;
  }
  const namespace = (
    annotations[MESH_NAMESPACE] ?? annotations[KUBERNETES_NAMESPACE]
  )?.trim();
  if (namespace) {
    claim.namespace = namespace;
  }
  const health = annotations[MESH_HEALTH]?.trim();
  if (health) {
    claim.health = health;
  }
  if (selection && selection.problems.length > 0) {
    claim.problems = selection.problems;
  }
  return claim;
}

function readSelection(annotations: Record<string, string>):
  | {
      from: string;
      selector: Record<string, string>;
      problems: string[];
    }
  | undefined {
  for (const from of [MESH_SELECTOR, KUBERNETES_LABEL_SELECTOR]) {
    const text = annotations[from]?.trim();
    if (text) {
      const { selector, unsupported } = parseLabelSelector(text);
      return {
        from,
        selector,
        problems: unsupported.map(
          term =>
            `Annotation ${from}: the term "${term}" cannot be used here. Allowed are terms of the form key=value, each key once.`,
        ),
      };
    }
  }
  const id = annotations[KUBERNETES_ID]?.trim();
  return id
    ? { from: KUBERNETES_ID, selector: { [KUBERNETES_ID]: id }, problems: [] }
    : undefined;
}

/** The catalog's relation is the resolved owner; the field is what the author wrote. */
function readOwner(
  entity: ClaimingEntity,
  entityNamespace: string,
): string | undefined {
  const related = entity.relations?.find(
    relation => relation.type === 'ownedBy',
  )?.targetRef;
  const written = related ?? entity.spec?.owner;
  return typeof written === 'string'
    ? normalizeEntityRef(written, { kind: 'group', namespace: entityNamespace })
    : undefined;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}
