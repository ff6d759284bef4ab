import type { CrdLine } from './crdSchemas';

/**
 * What the core needs to judge an object of a namespace: the schema of `spec` and the rules of the whole, by kind.
 * Identity, status and the server's own fields are not judged there.
 * @throws Error when versions of a kind differ: then one schema for a kind is not enough.
 */
export function buildCoreSchemas(lines: readonly CrdLine[]): unknown {
  const kinds = lines.filter(line => line.namespaced).map(buildKind);
  return Object.fromEntries(kinds);
}

function buildKind({ group, kind, versions }: CrdLine): [string, unknown] {
  const own = versions.filter(version => version.schema !== undefined);
  if (own.length !== 1) {
    throw new Error(`${kind}: its versions have ${own.length} schemas`);
  }
  const { properties, ...whole } = own[0].schema as {
    properties: Record<string, unknown>;
  };
  return [
    `${group}/${kind}`,
    {
      versions: versions.map(({ name }) => name),
      schema: { ...whole, properties: { spec: properties.spec } },
    },
  ];
}
