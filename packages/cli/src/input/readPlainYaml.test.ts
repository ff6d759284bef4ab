import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { readPlainYaml } from './readPlainYaml';
import { YAML_SCHEMA } from './yamlSchema';

function readAll(text: string): { value: unknown } | 'wrong' {
  try {
    return { value: load(text, { schema: YAML_SCHEMA }) };
  } catch {
    return 'wrong';
  }
}

const AS_WRITTEN = `apiVersion: networking.istio.io/v1
kind: VirtualService
# of the shop
metadata:
  name: reviews
  labels: {app: reviews}
  annotations:
    note: "a: b # c"
    other: 'it is'
    none:
    url: http://x/y:80#z
spec:
  hosts:
  - reviews
  - "*.shop"

  http:
    - match: [{uri: {prefix: "/a"}}]
      timeout: 3s
      retries:
        attempts: 2
      route:
        -
          destination: {}
          weight: -1
        - destination:
            host: 10.0.0.1
          weight: 0x1f
        - - 1.5
          - .inf
  args: [--flag, "b"]
  command:
    - --flag
    - -c
  only: true
`;

/** Lines of which some put together are a document, and most are not. */
const lines = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '  ', '    ', ' ', '- ', '  - ', '- - ', '-', '# '),
      fc.constantFrom(
        ...[
          'a:',
          'b: 1',
          'b: x',
          '"q": 1',
          'null: 1',
          'a: b: c',
          '- x',
          'text',
        ],
        ...[
          'a: [1, 2]',
          'a: {b: 1}',
          'a: [1]: 2',
          'a: [',
          ']',
          'a: "x',
          'a: |',
        ],
        ...[
          'a: &x 1',
          'b: *x',
          '<<: *x',
          'c: <<',
          'a: 1 # n',
          'a:  ',
          'a:b',
          '',
        ],
        ...['a: -', 'a: - b', 'a: ---', '---', '...', 'a: ...', 'a: ?', '? a'],
        ...['a: 0o7', 'a: 1_0', 'a: 1e3', 'a: 08', 'a: +1', 'a: .5', 'a: 1:2'],
        ...['a: !!str 1', 'a: %x', 'a: @x', 'a: `x`', "a: 'x''y'", 'a: "\\n"'],
        ...[
          'toString: 1',
          '__proto__: 1',
          'a: true',
          'a: TRUE ',
          'é: ü',
          'a:\t1',
        ],
        ...[
          'true: 1',
          '1: a',
          '1.0: a',
          '~: 1',
          'a: ~',
          'a: null',
          'a: {}',
          '{}',
        ],
      ),
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.map(part => part.join('')).join('\n'));

const documents = fc
  .tuple(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record({
      indent: fc.constantFrom(1, 2, 4),
      noArrayIndent: fc.boolean(),
      flowLevel: fc.constantFrom(-1, 0, 1, 2, 3),
      lineWidth: fc.constantFrom(-1, 8, 80),
      forceQuotes: fc.boolean(),
    }),
  )
  .map(([value, options]) => dump(value, { ...options, noRefs: true }));

/** With a piece taken out or put in somewhere. */
const damaged = fc
  .tuple(
    fc.oneof(documents, fc.constant(AS_WRITTEN)),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom(
      '',
      ' ',
      '\n',
      ':',
      ': ',
      '-',
      '- ',
      '#',
      '"',
      '[',
      '}',
      'x',
    ),
  )
  .map(([text, at, length, piece]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + piece + text.slice(start + length);
  });

describe('readPlainYaml', () => {
  it('answers what the parser of all YAML answers, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(lines, documents, damaged), text => {
        const answer = readAll(text);
        expect(readPlainYaml(text) ?? answer).toEqual(answer);
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads manifests as people and programs write them', () => {
    expect(readPlainYaml(AS_WRITTEN)).toEqual(readAll(AS_WRITTEN));
    const dumped = dump(load(AS_WRITTEN), { noRefs: true });
    expect(readPlainYaml(dumped)).toEqual(readAll(dumped));
  });

  it.each([
    ['several lines', 'a: |\n  b\n'],
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a merge', 'a: {b: 1}\n<<: {c: 1}\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key that is no text', '1: a\n'],
    ['a value that goes on', 'a: b\n  c\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['a field deeper than its neighbour', 'a: 1\n  b: 1\n'],
    ['an escape', 'a: "\\u0041"\n'],
    ['an item that is nothing', '- - \n- - a:\n'],
  ])('leaves %s to the other parser', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
