import { compactSchema } from './compactSchema';

interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema: { openAPIV3Schema: unknown };
  subresources?: { status?: unknown };
  additionalPrinterColumns?: {
    name: string;
    type: string;
    format?: string;
    priority?: number;
    jsonPath: string;
  }[];
}

interface Crd {
  kind: string;
  spec: {
    group: string;
    scope: string;
    names: {
      kind: string;
      listKind: string;
      plural: string;
      singular: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions: CrdVersion[];
  };
}

function isCrd(document: unknown): document is Crd {
  return (document as Crd | undefined)?.kind === 'CustomResourceDefinition';
}

/** One served version of a compact CRD. */
interface VersionLine {
  name: string;
  storage: boolean;
  status: boolean;
  columns: unknown[];
  /** The version that has the same schema; its `schema` is not repeated. */
  schemaOf?: string;
  schema?: unknown;
}

/** A compact CRD: one line of a schema file. */
export interface CrdLine {
  group: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  versions: VersionLine[];
}

/** Versions of one kind usually share one schema: it is written once and named by the others. */
function buildVersions(versions: CrdVersion[]): VersionLine[] {
  const seen = new Map<string, string>();
  return versions
    .filter(version => version.served)
    .map(version => {
      const schema = compactSchema(version.schema.openAPIV3Schema);
      const text = JSON.stringify(schema);
      const sameAs = seen.get(text);
      seen.set(text, sameAs ?? version.name);
      return {
        name: version.name,
        storage: version.storage,
        status: version.subresources?.status !== undefined,
        columns: (version.additionalPrinterColumns ?? []).map(
          ({ name, type, format, priority, jsonPath }) => ({
            name,
            type,
            format,
            priority,
            jsonPath,
          }),
        ),
        ...(sameAs ? { schemaOf: sameAs } : { schema }),
      };
    });
}

/** One line per CustomResourceDefinition; other documents are left out. */
export function buildCrdLines(documents: unknown[]): CrdLine[] {
  return documents.filter(isCrd).map(({ spec }) => ({
    group: spec.group,
    kind: spec.names.kind,
    listKind: spec.names.listKind,
    plural: spec.names.plural,
    singular: spec.names.singular,
    shortNames: spec.names.shortNames ?? [],
    categories: spec.names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    versions: buildVersions(spec.versions),
  }));
}
