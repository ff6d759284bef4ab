import Ajv from 'ajv';
import fc from 'fast-check';
import {
  checkStructure,
  compileRule,
  FORMATS,
  type SchemaNode,
  shapeObject,
  validateAgainstSchema,
} from '@istio-backstage/plugin-istio-common/schema';
import { cloneJson, isObject, type JsonObject } from '../json';
import { SchemaCatalog } from './SchemaCatalog';

const catalog = SchemaCatalog.load();
const crds = catalog.types.filter(type => type.crd);

function collectRules(node: unknown, rules: Set<string>): void {
  if (Array.isArray(node)) {
    node.forEach(item => collectRules(item, rules));
  } else if (isObject(node)) {
    const own = (node as SchemaNode)['x-kubernetes-validations'];
    own?.forEach(rule => rules.add(rule.rule));
    Object.values(node).forEach(child => collectRules(child, rules));
  }
}

describe('CEL rules of the CRDs', () => {
  it('are all evaluated: none is left to a warning', () => {
    const rules = new Set<string>();
    crds.forEach(type =>
      type.versions.forEach(version => collectRules(version.schema, rules)),
    );
    const failed = [...rules].filter(
      rule => typeof compileRule(rule) === 'string',
    );
    expect(failed).toEqual([]);
    expect(rules.size).toBe(115);
  });

  it('are said to be unchecked only where there are some', () => {
    const schema = (kind: string) =>
      crds.find(type => type.kind === kind)!.versions[0].schema;
    const fields = (kind: string) =>
      validateAgainstSchema({
        object: { spec: {} },
        schema: schema(kind),
        references: catalog,
      }).errors.map(({ field }) => field);
    expect(fields('TCPRoute')).toEqual(['spec.rules', '<nil>']);
    expect(fields('ReferenceGrant')).toEqual(['spec.from', 'spec.to']);
  });

  it('that cannot be compiled are reported, not passed', () => {
    const schema: SchemaNode = {
      type: 'object',
      properties: {
        a: {
          type: 'string',
          'x-kubernetes-validations': [
            { rule: 'quantity(self).isLessThan(1)' },
          ],
        },
      },
    };
    const verdict = validateAgainstSchema({
      object: { a: 'x' },
      schema,
      references: catalog,
    });
    expect(verdict.errors).toEqual([]);
    expect(verdict.notEvaluated).toEqual([
      expect.stringMatching(/^a: quantity\(self\)/),
    ]);
  });

  it('on transitions look at updates only', () => {
    const schema: SchemaNode = {
      type: 'object',
      properties: {
        a: {
          type: 'string',
          'x-kubernetes-validations': [
            { rule: 'self == oldSelf', message: 'may not change' },
          ],
        },
      },
    };
    const check = (now: string, before?: string) =>
      validateAgainstSchema({
        object: { a: now },
        previous: before === undefined ? undefined : { a: before },
        schema,
        references: catalog,
      }).errors.map(error => error.message);
    expect(check('x')).toEqual([]);
    expect(check('x', 'x')).toEqual([]);
    expect(check('x', 'y')).toEqual(['Invalid value: "x": may not change']);
  });
});

describe('ratcheting', () => {
  const type = catalog.types.find(
    ({ id }) => id === 'peerauthentications.security.istio.io',
  )!;
  const [{ schema }] = type.versions;
  const broken = {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {},
    spec: { mtls: { mode: 'OLD' } },
  };

  it('lets a value stand that was there before, and nothing new', () => {
    const judge = (object: JsonObject, previous?: JsonObject) =>
      validateAgainstSchema({
        object,
        previous,
        schema,
        references: catalog,
      }).errors.map(({ field }) => field);
    expect(judge(broken)).toContain('spec.mtls.mode');
    expect(
      judge({ ...broken, metadata: { labels: { a: 'b' } } }, broken),
    ).toEqual([]);
    expect(
      judge({ ...broken, spec: { mtls: { mode: 'OTHER' } } }, broken),
    ).toContain('spec.mtls.mode');
  });
});

/** The schema as ajv reads it: no CEL, no Kubernetes keywords, no defaults. */
function toAjv(node: SchemaNode): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') {
      const properties = Object.entries(value as Record<string, SchemaNode>);
      result[key] = Object.fromEntries(
        properties.map(([name, child]) => [name, toAjv(child)]),
      );
    } else if (['oneOf', 'anyOf', 'allOf'].includes(key)) {
      result[key] = (value as SchemaNode[]).map(toAjv);
    } else if (['items', 'not', 'additionalProperties'].includes(key)) {
      result[key] = isObject(value) ? toAjv(value as SchemaNode) : value;
    } else if (!/^x-kubernetes|^default$|^nullable$/.test(key)) {
      result[key] = value;
    }
  }
  if (node['x-kubernetes-int-or-string']) {
    result.type = ['integer', 'string'];
  }
  return node.nullable && result.type
    ? { ...result, type: [result.type, 'null'] }
    : result;
}

/** A value for a schema, often right and sometimes wrong. */
function valueFor(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(
    'x',
    7,
    -1,
    1.5,
    true,
    [],
    {},
    70000,
    '10s',
    'a.b',
  );
  const right = rightFor(node, depth);
  return fc.oneof(
    { weight: 60, arbitrary: right },
    { weight: 1, arbitrary: wrong },
  );
}

function rightFor(node: SchemaNode, depth: number): fc.Arbitrary<unknown> {
  if (node.enum) {
    return fc.constantFrom(...node.enum);
  }
  if (node.type === 'object' && node.properties && depth > 0) {
    const fields = Object.entries(node.properties).map(
      ([name, child]) => [name, valueFor(child, depth - 1)] as const,
    );
    return fc.record(Object.fromEntries(fields), {
      requiredKeys:
        node.required?.filter(name => name in node.properties!) ?? [],
    });
  }
  if (node.type === 'object') {
    const rest = isObject(node.additionalProperties)
      ? (node.additionalProperties as SchemaNode)
      : { type: 'string' };
    return fc.dictionary(
      fc.constantFrom('a', 'b', '80'),
      valueFor(rest, depth - 1),
      { maxKeys: 2 },
    );
  }
  if (node.type === 'array') {
    const minLength = Number(node.minItems ?? 0);
    return fc.array(valueFor(node.items ?? {}, depth - 1), {
      minLength,
      maxLength: minLength + 2,
    });
  }
  if (node.type === 'boolean') {
    return fc.boolean();
  }
  const isNumber = node.type === 'integer' || node.type === 'number';
  const candidates = isNumber
    ? [0, 1, 80, 100, 1000]
    : ['a', '', '1s', '/x', 'example.com', '*', 'a/b', 'x_y'];
  const fitting = candidates.filter(
    value =>
      checkStructure(value, { ...node, oneOf: undefined }, catalog).length ===
      0,
  );
  return fc.constantFrom(...(fitting.length > 0 ? fitting : candidates));
}

describe('the structural check', () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, logger: false });
  Object.entries(FORMATS).forEach(([name, validate]) =>
    name === 'int32'
      ? ajv.addFormat(name, { type: 'number', validate })
      : ajv.addFormat(name, { type: 'string', validate }),
  );

  it.each([
    'virtualservices.networking.istio.io',
    'destinationrules.networking.istio.io',
    'authorizationpolicies.security.istio.io',
    'httproutes.gateway.networking.k8s.io',
    'gateways.gateway.networking.k8s.io',
  ])('agrees with ajv on %s', id => {
    const [{ schema }] = catalog.types.find(type => type.id === id)!.versions;
    const spec = schema.properties!.spec;
    const validate = ajv.compile(toAjv(spec));
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(valueFor(spec, 6), value => {
        // Lists with keys are outside JSON Schema: their duplicates are left out of the comparison.
        const errors = checkStructure(value, spec, catalog).filter(
          error => error.reason !== 'FieldValueDuplicate',
        );
        const ours = errors.length === 0;
        counts[ours ? 'accepted' : 'refused'] += 1;
        expect({ value, ours }).toEqual({ value, ours: validate(value) });
      }),
      { numRuns: 400, seed: 7 },
    );
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(10);
  });
});

describe('shaping', () => {
  const [{ schema }] = catalog.types.find(
    type => type.id === 'httproutes.gateway.networking.k8s.io',
  )!.versions;
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'r', foo: 1 },
    spec: {
      rules: [
        {
          backendRefs: [{ name: 'a', port: 80, nonsense: true }],
          filters: null,
        },
      ],
    },
    extra: {},
  };

  it('prunes, names what it pruned, fills in defaults and leaves the input alone', () => {
    const input = cloneJson(route);
    const { object, unknownFields } = shapeObject(input, schema, catalog);
    expect(unknownFields.sort()).toEqual([
      'extra',
      'metadata.foo',
      'spec.rules[0].backendRefs[0].nonsense',
    ]);
    expect(object.spec).toEqual({
      rules: [
        {
          backendRefs: [
            { group: '', kind: 'Service', name: 'a', port: 80, weight: 1 },
          ],
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        },
      ],
    });
    expect(input).toEqual(route);
  });

  it('is idempotent', () => {
    const once = shapeObject(route, schema, catalog).object;
    const twice = shapeObject(once, schema, catalog);
    expect(twice).toEqual({ object: once, unknownFields: [] });
  });
});
