import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import type { KubeObject } from '../resources/types';
import { diffObjects } from './diffObjects';
import { formatYaml } from './formatYaml';

const virtualService = (weights: number[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'catalog',
    uid: 'u',
    resourceVersion: '1',
    generation: 4,
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'istio-portal.dev/change-id': '01J' },
  },
  spec: {
    hosts: ['reviews'],
    http: [
      {
        name: 'primary',
        route: weights.map((weight, index) => ({
          destination: { host: 'reviews', subset: `v${index + 1}` },
          weight,
        })),
        timeout: '5s',
        retries: { attempts: 3 },
      },
    ],
  },
  status: { conditions: [] },
});

const show = (lines: ReturnType<typeof diffObjects>) =>
  lines.map(
    ({ kind, text }) =>
      ({ context: '  ', added: '+ ', removed: '- ', gap: '~ ' }[kind] + text),
  );

describe('diffObjects', () => {
  it('shows a changed weight beside its destination', () => {
    expect(
      show(diffObjects(virtualService([80, 20]), virtualService([70, 30]))),
    ).toEqual([
      '~ 10 unchanged lines',
      '        route:',
      '          - destination: { host: reviews, subset: v1 }',
      '-           weight: 80',
      '+           weight: 70',
      '          - destination: { host: reviews, subset: v2 }',
      '-           weight: 20',
      '+           weight: 30',
      '        timeout: 5s',
      '        retries: { attempts: 3 }',
    ]);
  });

  it('shows an added destination', () => {
    const lines = diffObjects(
      virtualService([80, 20]),
      virtualService([80, 20, 0]),
    );
    expect(lines.filter(({ kind }) => kind === 'added')).toHaveLength(2);
    expect(lines.filter(({ kind }) => kind === 'removed')).toEqual([]);
  });

  it('has no lines for what only the server writes', () => {
    const other = virtualService([80, 20]);
    other.metadata.resourceVersion = '2';
    other.metadata.annotations = { 'istio-portal.dev/change-id': '01K' };
    other.status = { conditions: [{ type: 'Reconciled' }] };
    expect(diffObjects(virtualService([80, 20]), other)).toEqual([]);
  });

  it('shows creations and deletions whole', () => {
    const created = diffObjects(undefined, virtualService([100]));
    expect(created.every(({ kind }) => kind === 'added')).toBe(true);
    expect(
      diffObjects(virtualService([100]), undefined).map(({ text }) => text),
    ).toEqual(created.map(({ text }) => text));
  });

  it('keeps every line of both sides, in order', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(weights, weights, (one, other) => {
        const lines = diffObjects(virtualService(one), virtualService(other));
        const has = (kind: string) =>
          lines.filter(line => line.kind === kind).map(({ text }) => text);
        const count = (text: string, list: string[]) =>
          list.filter(each => each === text).length;
        const before = formatYaml(virtualService(one));
        const after = formatYaml(virtualService(other));
        for (const text of [...has('removed'), ...has('added')]) {
          expect(count(text, after) - count(text, before)).toBe(
            count(text, has('added')) - count(text, has('removed')),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('formatYaml', () => {
  const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });

  it('is read back as the same value by two YAML readers', () => {
    fc.assert(
      fc.property(value, json => {
        const plain = JSON.parse(JSON.stringify(json)) as unknown;
        const text = formatYaml(plain).join('\n');
        expect(load(text)).toEqual(plain);
        expect(parse(text)).toEqual(plain);
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
