import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  apiVersionOf,
  KINDS,
  KIND_NAMES,
  type KindName,
  kubernetesKindOf,
} from '../../resources/kinds';
import { objectKey } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';

/** The part of a schema that decides on the shape. */
interface SchemaNode {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  'x-kubernetes-int-or-string'?: boolean;
}

/** The schemas that the sandbox serves: those of Istio 1.31, Gateway API and Kubernetes. */
const SCHEMAS = join(__dirname, '../../../../../packages/sandbox/schemas');

function readLines(file: string): Record<string, unknown>[] {
  return readFileSync(join(SCHEMAS, file), 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map(line => JSON.parse(line) as Record<string, unknown>);
}

const definitions = new Map<string, SchemaNode>();
const roots = new Map<string, SchemaNode>();
for (const line of readLines('kubernetes.ndjson')) {
  if (typeof line.kind === 'string') {
    roots.set(`${line.group}/${line.kind}`, {
      $ref: String(line.definition),
    });
  } else {
    definitions.set(String(line.definition), line.schema as SchemaNode);
  }
}
for (const line of [
  'istio.ndjson',
  'gateway-api.ndjson',
  'cert-manager.ndjson',
].flatMap(readLines)) {
  const [{ schema }] = line.versions as { schema: SchemaNode }[];
  roots.set(`${line.group}/${line.kind}`, schema);
}

/** Few names and values, so that objects are about each other; among them what nobody expects. */
const TEXTS = [
  'a',
  'b',
  'shop',
  'istio-system',
  'a.shop.svc.cluster.local',
  '*.shop.svc.cluster.local',
  '*',
  'shop/a',
  './*',
  'mesh',
  'v1',
  '.',
  '~',
  '',
  'Service',
  'Gateway',
  'gateway.networking.k8s.io',
  'http',
  'HTTP',
  'TLS',
  '/a/{*}/b',
  '[(',
  '10s',
  '-1h',
  '10.0.0.1',
  '10.0.0.0/8',
  '::1',
  'cluster.local/ns/shop/sa/a',
  'request.headers[a]',
  '__proto__',
  'constructor',
  '2026-07-01T00:00:00Z',
] as const;
const NUMBERS = [0, 1, 80, 443, 8080, 15001, -1, 65536, 2 ** 31 - 1] as const;

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);

/** Values of that shape; deeper than so many levels only what must be there. */
function valueOf(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  const target =
    node.$ref === undefined ? node : definitions.get(refName(node.$ref)) ?? {};
  const value = plainValue(target, depth);
  return target.nullable ? fc.oneof(value, fc.constant(null)) : value;
}

function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function plainValue(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node['x-kubernetes-int-or-string']) return fc.oneof(number, text);
  switch (node.type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return number;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return depth <= 0
        ? fc.constant([])
        : fc.array(valueOf(node.items ?? {}, depth - 1), { maxLength: 2 });
    default:
      return node.properties || node.additionalProperties
        ? objectOf(node, depth)
        : fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  const { properties, additionalProperties, required = [] } = node;
  if (!properties) {
    const item =
      typeof additionalProperties === 'object' ? additionalProperties : {};
    return fc.dictionary(text, valueOf(item, depth - 1), { maxKeys: 2 });
  }
  const names = Object.keys(properties).filter(
    name => depth > 0 || required.includes(name),
  );
  const free = names.filter(name => !required.includes(name));
  // Made when drawn: schemas are deep, and some contain themselves.
  return fc
    .subarray(free, { maxLength: Math.min(5, free.length) })
    .chain(optional =>
      fc.record(
        Object.fromEntries(
          [...required, ...optional]
            .filter(name => properties[name])
            .map(name => [name, valueOf(properties[name], depth - 1)]),
        ),
      ),
    );
}

const DEPTH = 7;

const labels = fc.dictionary(
  fc.constantFrom(
    'app',
    'version',
    'istio',
    'istio-injection',
    'istio.io/use-waypoint',
    'istio.io/rev',
  ),
  text,
  { maxKeys: 2 },
);

function objectOfKind(kind: KindName): fc.Arbitrary<KubeObject> {
  const { group, namespaced } = KINDS[kind];
  const schema = roots.get(`${group}/${kubernetesKindOf(kind)}`);
  if (!schema) throw new Error(`no schema of ${kind}`);
  const root =
    schema.$ref === undefined ? schema : definitions.get(refName(schema.$ref));
  const part = (name: 'spec' | 'status') => {
    const node = root?.properties?.[name];
    return node
      ? { [name]: fc.option(valueOf(node, DEPTH), { nil: undefined }) }
      : {};
  };
  return fc
    .record({
      name: fc.constantFrom('a', 'b', 'default'),
      namespace: fc.constantFrom('shop', 'other', 'istio-system'),
      labels: fc.option(labels, { nil: undefined }),
      created: fc.option(
        fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
        { nil: undefined },
      ),
      ...part('spec'),
      ...part('status'),
    })
    .map(
      ({ name, namespace, labels: own, created, ...rest }) =>
        // As it comes over the wire: without fields that are undefined.
        JSON.parse(
          JSON.stringify({
            apiVersion: apiVersionOf(kind),
            kind: kubernetesKindOf(kind),
            metadata: {
              name: namespaced ? name : namespace,
              ...(namespaced ? { namespace } : {}),
              labels: own,
              creationTimestamp: created,
            },
            ...rest,
          }),
        ) as KubeObject,
    );
}

/** Worlds of objects that have the shape of their schema; nothing vouches for what they say. */
export const storedWorlds: fc.Arbitrary<KubeObject[]> = fc.uniqueArray(
  fc.constantFrom(...KIND_NAMES, ...KIND_NAMES).chain(objectOfKind),
  { minLength: 1, maxLength: 14, selector: object => objectKey(object) },
);
