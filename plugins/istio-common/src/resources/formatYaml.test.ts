import { load } from 'js-yaml';
import fc from 'fast-check';
import { parse } from 'yaml';
import { formatYaml, formatYamlLines } from './formatYaml';

describe('formatYamlLines', () => {
  it('gives every field a line of its own, and says which', () => {
    const object = {
      kind: 'VirtualService',
      spec: { http: [{ route: [{ destination: { host: 'a' } }] }], gone: [] },
    };
    expect(
      formatYamlLines(object).map(({ text, path }) => [text, path.join('.')]),
    ).toEqual([
      ['kind: VirtualService', 'kind'],
      ['spec:', 'spec'],
      ['  http:', 'spec.http'],
      ['    - route:', 'spec.http.0.route'],
      ['        - destination:', 'spec.http.0.route.0.destination'],
      ['            host: a', 'spec.http.0.route.0.destination.host'],
      ['  gone: []', 'spec.gone'],
    ]);
  });
});

describe('formatYaml', () => {
  const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });

  it('is read back as the same value by two YAML readers', () => {
    fc.assert(
      fc.property(value, json => {
        const plain = JSON.parse(JSON.stringify(json)) as unknown;
        for (const lines of [
          formatYaml(plain),
          formatYamlLines(plain).map(({ text }) => text),
        ]) {
          expect(load(lines.join('\n'))).toEqual(plain);
          expect(parse(lines.join('\n'))).toEqual(plain);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    'true',
    'No',
    '~',
    'null',
    '1',
    '1e3',
    '0x1f',
    '.5',
    '1:30',
    '2001-01-01',
    'a: b',
    'a #b',
    '- a',
    '? a',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '{a',
    '[a',
    ' a',
    'a ',
    '',
    '\n',
    'a\nb',
    '"',
    "'",
    'a:',
    ':a',
    '=',
    '<<',
    '10s',
    '5m',
    'v1',
    'a/b',
    'x.y:z',
    'on',
    'y',
    '0',
    '-',
    '---',
    '...',
    '\u0085',
    '\u2028',
    '\ufeffa',
    'a,b',
    'a]',
    '1_000',
    '+1',
    '.inf',
    '.NaN',
    'http://a',
    'a:b',
  ])('quotes %j where needed', text => {
    const document = formatYaml({ k: text, l: [{ m: { [text]: text } }] }).join(
      '\n',
    );
    const expected = { k: text, l: [{ m: { [text]: text } }] };
    expect(load(document)).toEqual(expected);
    expect(parse(document)).toEqual(expected);
  });
});
