import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';

export interface PrinterColumn {
  name: string;
  type: string;
  format?: string;
  priority?: number;
  jsonPath: string;
}

/** One served version of a kind. */
export interface ServedVersion {
  name: string;
  /** Has a status subresource. */
  status: boolean;
  columns: PrinterColumn[];
  /** Structure of the whole object, metadata included. */
  schema: SchemaNode;
}

/** One kind the server serves. */
export interface ResourceType {
  /** `services`, `virtualservices.networking.istio.io`. */
  id: string;
  group: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  /** From a CRD: validated, pruned and defaulted by it; strategic merge patch is refused. */
  crd: boolean;
  /** `metadata.generation` is counted. */
  generation: boolean;
  /** Served versions, the preferred one first. */
  versions: ServedVersion[];
  /** Version objects are stored in. */
  storageVersion: string;
}
