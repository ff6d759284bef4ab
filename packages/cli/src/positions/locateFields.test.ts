import { findField } from './findField';
import { locateFields } from './locateFields';

/** `line:column` of a field of a document. */
function at(text: string, path: string): string | undefined {
  const root = locateFields(text);
  if (!root) return undefined;
  const { line, column } = findField(root, path);
  return `${line}:${column}`;
}

const DOCUMENT = `# a comment
metadata:
  name: a
  labels:
    istio.io/rev: canary
    app: 'a'
spec:
  hosts: [a, b]
  http:
    - name: first

      match:
        - uri: { prefix: /a }
    - route:
      - destination: {host: a, subset: v1}
        weight: 10
      -
        weight: 90
    # the last
    - { name: third }
`;

describe('positions of fields', () => {
  it.each([
    ['', '2:1'],
    ['metadata.name', '3:3'],
    ['metadata.labels.istio.io/rev', '5:5'],
    ['metadata.labels["istio.io/rev"]', '5:5'],
    ['metadata.labels[app]', '6:5'],
    ['spec.hosts', '8:3'],
    ['spec.hosts[1]', '8:14'],
    ['spec.http[0]', '10:7'],
    ['spec.http[0].match[0].uri', '13:11'],
    ['spec.http[0].match[0].uri.prefix', '13:18'],
    ['spec.http[1].route[0].destination.subset', '15:32'],
    ['spec.http[1].route[1].weight', '18:9'],
    ['spec.http[2].name', '20:9'],
  ])('%s is at %s', (path, position) => {
    expect(at(DOCUMENT, path)).toBe(position);
  });

  it('says the nearest field above one that is not written', () => {
    expect(at(DOCUMENT, 'spec.http[0].timeout')).toBe('10:7');
    expect(at(DOCUMENT, 'spec.http[7].timeout')).toBe('9:3');
    expect(at(DOCUMENT, 'status')).toBe('2:1');
    expect(at(DOCUMENT, 'spec.hosts[0].x')).toBe('8:11');
  });

  it('reads JSON, in one line and in many', () => {
    const value = { spec: { http: [{ a: 1 }, { 'b.c': { d: null } }] } };
    expect(at(JSON.stringify(value), 'spec.http[1].b.c.d')).toBe('1:34');
    expect(at(JSON.stringify(value, null, 2), 'spec.http[1].b.c.d')).toBe(
      '9:11',
    );
    expect(at(JSON.stringify(value, null, '\t'), 'spec.http[0]')).toBe('4:4');
  });

  it('does not guess where the parser does not tell', () => {
    expect(at('a: { b, c: 1, d: 2 }', 'a.c')).toBe('1:1');
    expect(at('a:\n  - 1\n  -\n  - 3\n', 'a[2]')).toBe('1:1');
    expect(at('a: [', 'a')).toBeUndefined();
  });

  it('follows neither anchors nor merged fields, and is not confused by them', () => {
    const text = 'a: &x { p: 1 }\nb: *x\nc:\n  <<: *x\n  q: 2\n';
    expect(at(text, 'b.p')).toBe('2:1');
    expect(at(text, 'c.p')).toBe('3:1');
    expect(at(text, 'c.q')).toBe('5:3');
  });

  it('counts lines of block scalars and of Windows', () => {
    const text = 'a: |\n  one\n  two\n\nb:\r\n  c: >-\r\n    x\r\n  d: 1\r\n';
    expect(at(text, 'b')).toBe('5:1');
    expect(at(text, 'b.d')).toBe('8:3');
  });
});
