/** A CEL rule of a CRD (`x-kubernetes-validations`). */
export interface CelRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

/** The part of OpenAPI v3 that CRDs and the built-in kinds use. */
export interface SchemaNode {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  default?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  allOf?: SchemaNode[];
  not?: SchemaNode;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-validations'?: CelRule[];
  [keyword: string]: unknown;
}

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
