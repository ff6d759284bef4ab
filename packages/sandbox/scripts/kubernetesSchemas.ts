import { compactSchema } from './compactSchema';
import { CORE_KINDS } from '../src/kubernetes/resources/coreKinds';

type Definitions = Record<string, unknown>;

interface Swagger {
  definitions: Definitions;
}

const PREFIX = '#/definitions/';

function collectRefs(schema: unknown, found: Set<string>): void {
  if (Array.isArray(schema)) {
    schema.forEach(item => collectRefs(item, found));
  } else if (typeof schema === 'object' && schema !== null) {
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' && typeof value === 'string') {
        found.add(value.slice(PREFIX.length));
      } else {
        collectRefs(value, found);
      }
    }
  }
}

function definitionOf(
  definitions: Definitions,
  kind: { group: string; version: string; kind: string },
): string {
  const name = Object.keys(definitions).find(candidate => {
    const gvks = (
      definitions[candidate] as Record<string, unknown> & {
        'x-kubernetes-group-version-kind'?: {
          group: string;
          version: string;
          kind: string;
        }[];
      }
    )['x-kubernetes-group-version-kind'];
    return gvks?.some(
      gvk =>
        gvk.group === kind.group &&
        gvk.version === kind.version &&
        gvk.kind === kind.kind,
    );
  });
  if (!name) {
    throw new Error(
      `The OpenAPI file has no definition for ${kind.group}/${kind.version} ${kind.kind}`,
    );
  }
  return name;
}

/** The kinds of the table (name of their definition), then every definition they reach, one line each. */
export function buildKubernetesLines(swagger: Swagger): unknown[] {
  const roots = CORE_KINDS.map(kind => ({
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    definition: definitionOf(swagger.definitions, kind),
  }));
  const reached = new Map<string, unknown>();
  const queue = roots.map(root => root.definition);
  while (queue.length > 0) {
    const name = queue.pop()!;
    if (!reached.has(name)) {
      const schema = compactSchema(swagger.definitions[name]);
      reached.set(name, schema);
      const refs = new Set<string>();
      collectRefs(schema, refs);
      queue.push(...refs);
    }
  }
  const definitions = [...reached.keys()]
    .sort()
    .map(name => ({ definition: name, schema: reached.get(name) }));
  return [...roots, ...definitions];
}
