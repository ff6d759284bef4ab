import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type {
  SchemaNode,
  SchemaReferences,
} from '@istio-backstage/plugin-istio-common/schema';
import { CORE_KINDS, type CoreKind } from './coreKinds';
import { CORE_COLUMNS } from './coreColumns';
import { CORE_DEFAULTS } from './coreDefaults';
import type {
  PrinterColumn,
  ResourceType,
  ServedVersion,
} from './resourceType';

const SCHEMAS = resolve(
  dirname(require.resolve('../../../package.json')),
  'schemas',
);
/** Kinds that come as CRDs. */
const CRD_FILES = ['istio.ndjson', 'gateway-api.ndjson', 'cert-manager.ndjson'];
const REF_PREFIX = '#/definitions/';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Definitions whose OpenAPI text says less than the server does. */
const OVERRIDES: Record<string, SchemaNode> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    'x-kubernetes-int-or-string': true,
  },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    'x-kubernetes-int-or-string': true,
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  },
};

interface CrdLine {
  group: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  versions: {
    name: string;
    storage: boolean;
    status: boolean;
    columns: PrinterColumn[];
    schemaOf?: string;
    schema?: SchemaNode;
  }[];
}

interface RootLine {
  group: string;
  version: string;
  kind: string;
  definition: string;
}

function readLines(file: string): string[] {
  return readFileSync(resolve(SCHEMAS, file), 'utf8')
    .split('\n')
    .filter(line => line !== '');
}

/** Newest first: v2, v1, v1beta1, v1alpha3, as Kubernetes orders versions. */
export function compareVersions(left: string, right: string): number {
  const rank = (version: string) => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) {
      return [-1, 0, 0];
    }
    const stage = { alpha: 0, beta: 1 }[match[2] ?? ''] ?? 2;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}

/** Every kind the server serves with its structure; read once, shared by all clusters of the process. */
export class SchemaCatalog implements SchemaReferences {
  private static loaded?: SchemaCatalog;
  private readonly definitionLines = new Map<string, string>();
  private readonly definitions = new Map<string, SchemaNode>();
  private readonly merged = new WeakMap<SchemaNode, SchemaNode>();
  readonly types: ResourceType[];

  /** @throws Error when a schema file is missing: run scripts/generateSchemas.ts. */
  static load(): SchemaCatalog {
    SchemaCatalog.loaded ??= new SchemaCatalog();
    return SchemaCatalog.loaded;
  }

  private constructor() {
    const roots = new Map<string, string>();
    for (const line of readLines('kubernetes.ndjson').slice(1)) {
      const name = /^\{"definition":"([^"]+)"/.exec(line)?.[1];
      if (name) {
        this.definitionLines.set(name, line);
      } else {
        const root: RootLine = JSON.parse(line);
        roots.set(`${root.group}/${root.kind}`, root.definition);
      }
    }
    this.types = [
      ...CORE_KINDS.map(kind =>
        this.buildCoreType(kind, roots.get(`${kind.group}/${kind.kind}`)),
      ),
      ...CRD_FILES.flatMap(file =>
        readLines(file)
          .slice(1)
          .map(line => this.buildCrdType(JSON.parse(line))),
      ),
    ];
  }

  /** Follows a reference; a node without one is returned as it is. */
  resolve(node: SchemaNode): SchemaNode {
    if (!node.$ref) {
      return node;
    }
    const target = this.definition(node.$ref.slice(REF_PREFIX.length));
    if (Object.keys(node).length === 1) {
      return target;
    }
    // A reference's own keywords (default, list type) stand beside it.
    let merged = this.merged.get(node);
    if (!merged) {
      merged = { ...target, ...node, $ref: undefined };
      this.merged.set(node, merged);
    }
    return merged;
  }

  private definition(name: string): SchemaNode {
    let node = this.definitions.get(name);
    if (!node) {
      const line = this.definitionLines.get(name);
      if (!line) {
        throw new Error(`schemas/kubernetes.ndjson has no definition ${name}`);
      }
      node =
        OVERRIDES[name] ?? this.withDefaults(name, JSON.parse(line).schema);
      this.definitions.set(name, node);
    }
    return node;
  }

  private withDefaults(name: string, node: SchemaNode): SchemaNode {
    const defaults = CORE_DEFAULTS[name.slice(name.lastIndexOf('.') + 1)];
    if (defaults && node.properties) {
      for (const [field, value] of Object.entries(defaults)) {
        const property = node.properties[field];
        if (property) {
          node.properties[field] = { ...property, default: value };
        }
      }
    }
    return node;
  }

  private buildCoreType(kind: CoreKind, definition?: string): ResourceType {
    if (!definition) {
      throw new Error(
        `schemas/kubernetes.ndjson has no kind ${kind.kind}: run scripts/generateSchemas.ts`,
      );
    }
    return {
      id: kind.group ? `${kind.plural}.${kind.group}` : kind.plural,
      group: kind.group,
      kind: kind.kind,
      listKind: `${kind.kind}List`,
      plural: kind.plural,
      singular: kind.singular,
      shortNames: kind.shortNames ?? [],
      categories: kind.categories ?? [],
      namespaced: kind.namespaced,
      crd: false,
      generation: kind.generation ?? false,
      storageVersion: kind.version,
      versions: [
        {
          name: kind.version,
          status: kind.status ?? false,
          columns: CORE_COLUMNS[kind.kind] ?? [],
          schema: { $ref: `${REF_PREFIX}${definition}` },
        },
      ],
    };
  }

  private buildCrdType(line: CrdLine): ResourceType {
    const schemaOf = (name: string) =>
      line.versions.find(version => version.name === name)!.schema!;
    const versions: ServedVersion[] = line.versions
      .map(version => ({
        name: version.name,
        status: version.status,
        columns: version.columns,
        schema: withObjectFields(version.schema ?? schemaOf(version.schemaOf!)),
      }))
      .sort((a, b) => compareVersions(a.name, b.name));
    return {
      id: `${line.plural}.${line.group}`,
      group: line.group,
      kind: line.kind,
      listKind: line.listKind,
      plural: line.plural,
      singular: line.singular,
      shortNames: line.shortNames,
      categories: line.categories,
      namespaced: line.namespaced,
      crd: true,
      generation: true,
      storageVersion: line.versions.find(version => version.storage)!.name,
      versions,
    };
  }
}

/** A CRD leaves metadata open; the server types it as for every object. */
function withObjectFields(schema: SchemaNode): SchemaNode {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: `${REF_PREFIX}${OBJECT_META}` },
    },
  };
}
