import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { loadGoldenPlans } from '../intents/__testUtils__/goldenCases.testdata';
import { INTENTS } from '../intents/list';
import { carryOver } from './carryOver';
import { editManifest, removeDocument } from './editManifest';

const FILE = `# Routes of the reviews team.
# Ask #catalog before you change the order.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: "reviews"   # also the service
  namespace: catalog
  labels: {team: catalog, tier: 'one'}
spec:
  hosts:
  - reviews          # short name on purpose
  http:
  # testers first
  - name: testers
    match:
    - headers:
        x-tester: {exact: "yes"}
    route:
    - destination: {host: reviews, subset: v3}
  - name: default   # everybody else
    timeout: 5s     # agreed with storefront
    route:
    - destination:
        host: reviews
        subset: v1
      weight: 90    # percent
    # the new one
    - destination:
        host: reviews
        subset: v2
      weight: 10
---
# not ours
apiVersion: v1
kind: ConfigMap
metadata: {name: notes,   namespace: catalog}
data:
  text: |
    keep   me
`;

interface Route {
  metadata: { labels: object };
  spec: {
    http: {
      name?: string;
      timeout?: string;
      retries?: object;
      match?: { headers?: Record<string, { exact: string }>; uri?: object }[];
      route: { destination: object; weight?: number }[];
    }[];
  };
}

function edit(text: string, change: (object: Route) => void) {
  const value: Route = parseAllDocuments(text)[0].toJS();
  change(value);
  const result = editManifest({
    text,
    part: { document: 0, within: [] },
    desired: value,
  });
  return result.ok ? result.text : result.problem.text;
}

/** Lines of a difference, as a reviewer sees them. */
function diff(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (old[start] === now[start]) start += 1;
  let end = 0;
  while (old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return [
    ...old.slice(start, old.length - end).map(line => `-${line}`),
    ...now.slice(start, now.length - end).map(line => `+${line}`),
  ];
}

describe('editManifest', () => {
  it.each<[string, (object: Route) => void, string[]]>([
    [
      'a number keeps the comment behind it',
      o => {
        o.spec.http[1].route[0].weight = 50;
      },
      ['-      weight: 90    # percent', '+      weight: 50    # percent'],
    ],
    [
      'a quoted text stays quoted',
      o => {
        o.spec.http[0].match![0].headers!['x-tester'].exact = 'no';
      },
      ['-        x-tester: {exact: "yes"}', '+        x-tester: {exact: "no"}'],
    ],
    [
      'a new field goes to the end of its map',
      o => {
        o.spec.http[1].retries = { attempts: 2, retryOn: '5xx,reset' };
      },
      ['+    retries:', '+      attempts: 2', '+      retryOn: 5xx,reset'],
    ],
    [
      'a field that goes takes its line',
      o => {
        delete o.spec.http[1].timeout;
      },
      ['-    timeout: 5s     # agreed with storefront'],
    ],
    [
      'the first field behind a dash',
      o => {
        delete o.spec.http[1].name;
      },
      [
        '-  - name: default   # everybody else',
        '-    timeout: 5s     # agreed with storefront',
        '+  - timeout: 5s     # agreed with storefront',
      ],
    ],
    [
      'a rule in front of the others',
      o => {
        o.spec.http.splice(1, 0, {
          match: [{ uri: { prefix: '/beta' } }],
          route: [{ destination: { host: 'reviews', subset: 'v2' } }],
        });
      },
      [
        '+  - match:',
        '+    - uri:',
        '+        prefix: /beta',
        '+    route:',
        '+    - destination:',
        '+        host: reviews',
        '+        subset: v2',
      ],
    ],
    [
      'an item that goes',
      o => {
        o.spec.http[1].route.pop();
      },
      [
        '-    - destination:',
        '-        host: reviews',
        '-        subset: v2',
        '-      weight: 10',
      ],
    ],
    [
      'a text that Kubernetes would read as a truth value is quoted',
      o => {
        o.metadata.labels = { team: 'on' };
      },
      ["-  labels: {team: catalog, tier: 'one'}", '+  labels: { team: "on" }'],
    ],
  ])('%s', (_, change, lines) => {
    expect(diff(FILE, edit(FILE, change))).toEqual(lines);
  });

  it('keeps the line ends of the file', () => {
    const text = FILE.replace(/\n/g, '\r\n');
    const edited = edit(text, o => {
      o.spec.http[1].route[0].weight = 40;
      o.spec.http[1].retries = { attempts: 3 };
    });
    expect(edited.replace(/\r\n/g, '')).not.toContain('\n');
    expect(edited).toContain('weight: 40    # percent\r\n');
  });

  it('edits an item of a List, and leaves the others', () => {
    const list = `apiVersion: v1
kind: List
items:
  - kind: A
    spec: {a: 1} # one
  - kind: B
    spec:
      b: 2
`;
    const result = editManifest({
      text: list,
      part: { document: 0, within: ['items', 1] },
      desired: { kind: 'B', spec: { b: 3 } },
    });
    expect(result).toEqual({ ok: true, text: list.replace('b: 2', 'b: 3') });
  });

  it('refuses what an alias would carry to another place', () => {
    const text = `spec:
  a: &shared {timeout: 5s}
  b: *shared
`;
    const result = editManifest({
      text,
      part: { document: 0, within: [] },
      desired: { spec: { a: { timeout: '9s' }, b: { timeout: '5s' } } },
    });
    expect(result).toMatchObject({
      ok: false,
      problem: { code: 'notEditable' },
    });
  });

  it('removes a document, and the file with the last one', () => {
    expect(removeDocument(FILE, 0)).toEqual({
      ok: true,
      text: FILE.slice(FILE.indexOf('---')),
    });
    expect(removeDocument(FILE, 1)).toEqual({
      ok: true,
      text: FILE.slice(0, FILE.indexOf('---')),
    });
    expect(removeDocument('a: 1\n', 0)).toEqual({ ok: true });
  });
});

const text = fc.constantFrom(
  'v1',
  'yes',
  '5s',
  "it's",
  'a: b',
  '# no',
  '1',
  '',
);
const json = fc.letrec<{ value: unknown; map: Record<string, unknown> }>(
  tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer({ min: -5, max: 999 }),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('map'),
    ),
    map: fc.dictionary(
      fc.constantFrom('a', 'b', 'name', 'on', 'x-y/z'),
      tie('value'),
      { maxKeys: 4 },
    ),
  }),
);

describe('editManifest, for any object', () => {
  it('says exactly what is desired, or says that it cannot; other documents keep their bytes', () => {
    fc.assert(
      fc.property(
        json.map,
        json.map,
        fc.record({
          indentSeq: fc.boolean(),
          indent: fc.constantFrom(2, 4),
          collectionStyle: fc.constantFrom<'any' | 'flow'>('any', 'flow'),
        }),
        (before, after, style) => {
          const source = `# head\n${stringify(
            { spec: before },
            style,
          )}# tail\n---\n# other\nb:   2\n`;
          const result = editManifest({
            text: source,
            part: { document: 0, within: [] },
            desired: { spec: after },
          });
          if (!result.ok) return;
          const [edited] = parseAllDocuments(result.text);
          expect(edited.toJS()).toEqual({ spec: after });
          expect(result.text.startsWith('# head\n')).toBe(true);
          expect(result.text.endsWith('---\n# other\nb:   2\n')).toBe(true);
        },
      ),
    );
  });
});

describe.each(INTENTS.map(({ type }) => type))('a file of %s', type => {
  it('says after the edit what the plan wants, in every golden case', () => {
    const plans = loadGoldenPlans(type);
    const edits = plans.flatMap(({ operations }) =>
      operations.filter(({ action }) => action === 'patch'),
    );
    expect(edits.length).toBeGreaterThan(0);
    for (const { before = {}, after = {} } of edits) {
      for (const style of [{}, { indentSeq: false, indent: 4 }]) {
        const source = `# kept\n${stringify(before, style)}`;
        const carried = carryOver({ file: before, before, after });
        expect(carried).toHaveProperty('desired');
        const result = editManifest({
          text: source,
          part: { document: 0, within: [] },
          desired: 'desired' in carried ? carried.desired : {},
        });
        expect(result).toHaveProperty('text');
        const edited = result.ok ? result.text : '';
        expect(parseAllDocuments(edited)[0].toJS()).toEqual(after);
        expect(edited.startsWith('# kept\n')).toBe(true);
      }
    }
  });
});
