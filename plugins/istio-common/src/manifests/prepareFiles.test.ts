import type { ManifestOperation, SourceFile } from './types';
import { isReached } from './isReached';
import { prepareFiles } from './prepareFiles';

const REVIEWS = `# ours
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - name: default
    route:
    - {destination: {host: reviews, subset: v1}, weight: 90} # most
    - {destination: {host: reviews, subset: v2}, weight: 10}
`;

const spec = (v1: number, v2: number, more: object = {}) => ({
  hosts: ['reviews'],
  http: [
    {
      name: 'default',
      route: [
        { destination: { host: 'reviews', subset: 'v1' }, weight: v1 },
        { destination: { host: 'reviews', subset: 'v2' }, weight: v2 },
      ],
      ...more,
    },
  ],
});

const live = (content: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'catalog',
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:x' },
  },
  spec: content as Record<string, unknown>,
});

const shift = (
  more: Partial<ManifestOperation> = {},
  cluster = 'prod-eu',
): ManifestOperation => ({
  action: 'patch',
  object: {
    cluster,
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'catalog',
    name: 'reviews',
  },
  before: live(spec(90, 10)),
  after: live(spec(50, 50)),
  ...more,
});

const prepare = (
  files: Record<string, string>,
  operations: ManifestOperation[] = [shift()],
  newFiles?: string,
) => {
  const result = prepareFiles({
    files: Object.entries(files).map(
      ([path, text]): SourceFile => ({ path, text }),
    ),
    operations: operations.map(operation => ({
      operation,
      rules: { namespace: 'catalog', newFiles },
    })),
  });
  return result.ok
    ? Object.fromEntries(result.files.map(({ path, text }) => [path, text]))
    : `${result.problem.code}: ${result.problem.text}`;
};

describe('prepareFiles', () => {
  it('edits the one file that holds the object, and nothing else of it', () => {
    expect(
      prepare({ 'a/reviews.yaml': REVIEWS, 'a/notes.yaml': 'a: reviews' }),
    ).toEqual({
      'a/reviews.yaml': REVIEWS.replace('weight: 90', 'weight: 50').replace(
        'weight: 10',
        'weight: 50',
      ),
    });
  });

  it('keeps defaults of the cluster out of the file', () => {
    const withDefaults = (v1: number) =>
      live(spec(v1, 100 - v1, { retries: { attempts: 2 } }));
    expect(
      prepare({ 'a.yaml': REVIEWS }, [
        shift({ before: withDefaults(90), after: withDefaults(50) }),
      ]),
    ).toEqual({
      'a.yaml': REVIEWS.replace(': 90', ': 50').replace(': 10', ': 50'),
    });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing matches', { 'a.yaml': 'a: 1' }, /^notFound: no file of the Git/],
    [
      'two files hold it',
      { 'a.yaml': REVIEWS, 'b.yaml': REVIEWS },
      /^several: .* stands 2 times in a\.yaml, b\.yaml; set the paths/,
    ],
    [
      'the file is a template',
      { 'a.yaml': REVIEWS.replace('90', '{{ .Values.weight }}') },
      /^template: a\.yaml is a template; change its values by hand/,
    ],
    [
      'Kustomize patches it',
      {
        'base/a.yaml': REVIEWS,
        'prod/kustomization.yaml':
          'patches: [{target: {kind: VirtualService}, path: p.yaml}]',
      },
      /^patched: prod\/kustomization\.yaml patches VirtualService/,
    ],
    [
      'the file does not say what the cluster has',
      { 'a.yaml': REVIEWS.replace('90', '80') },
      /^outOfSync: a\.yaml and prod-eu differ in spec\.http\[0\]\.route\[0\]\.weight/,
    ],
    [
      'the file is broken',
      { 'a.yaml': `${REVIEWS}  bad: [` },
      /^unreadable: a\.yaml names VirtualService catalog\/reviews and is not/,
    ],
    [
      'the file names an alias that is not there',
      { 'a.yaml': `${REVIEWS}  exportTo: *nowhere\n` },
      /^unreadable: a\.yaml/,
    ],
    [
      'the file becomes endless by its aliases',
      {
        'a.yaml': `${REVIEWS}---\n${Array.from(
          { length: 12 },
          (_, at) =>
            `a${at}: &a${at} [${
              at === 0 ? '1' : Array(9).fill(`*a${at - 1}`)
            }]`,
        ).join('\n')}\n`,
      },
      /^unreadable: a\.yaml/,
    ],
  ])('refuses when %s', (_, files, reason) => {
    expect(prepare(files)).toMatch(reason);
  });

  it('takes one edit for two clusters that share a file, and refuses two', () => {
    const files = { 'a.yaml': REVIEWS };
    expect(prepare(files, [shift(), shift({}, 'prod-us')])).toEqual(
      prepare(files),
    );
    expect(
      prepare(files, [
        shift(),
        shift({ after: live(spec(10, 90)) }, 'prod-us'),
      ]),
    ).toMatch(/^contradiction: a\.yaml would have to say two things/);
  });

  it('puts a new object into its folder and its kustomization, and takes it out again', () => {
    const create = shift({
      action: 'create',
      before: undefined,
      body: live(spec(50, 50)),
    });
    const files = { 'a/kustomization.yaml': 'resources:\n- x.yaml # x\n' };
    expect(prepare(files, [create])).toMatch(/^noPlaceForNew/);
    const added = prepare(files, [create], 'a') as Record<string, string>;
    expect(added['a/kustomization.yaml']).toBe(
      'resources:\n- x.yaml # x\n- reviews.virtualservice.yaml\n',
    );
    expect(added['a/reviews.virtualservice.yaml']).toContain('weight: 50');
    expect(
      prepare(added, [shift({ action: 'delete', after: undefined })]),
    ).toEqual({
      'a/kustomization.yaml': files['a/kustomization.yaml'],
      'a/reviews.virtualservice.yaml': undefined,
    });
  });

  it('adds a new object to the end of a file', () => {
    const added = prepare(
      { 'mesh.yaml': 'a: 1' },
      [shift({ action: 'create', before: undefined, body: live(spec(1, 99)) })],
      'mesh.yaml',
    ) as Record<string, string>;
    expect(added['mesh.yaml']).toMatch(/^a: 1\n---\napiVersion: networking/);
  });
});

describe('isReached', () => {
  const defaulted = live(spec(50, 50, { retries: { attempts: 2 } }));

  it.each<[boolean, string, ManifestOperation, object | undefined]>([
    [true, 'as planned, with defaults', shift(), defaulted],
    [false, 'as before', shift(), live(spec(90, 10))],
    [false, 'not there', shift(), undefined],
    [
      false,
      'a field that is to go is there',
      shift({ before: live(spec(90, 10, { timeout: '5s' })) }),
      live(spec(50, 50, { timeout: '5s' })),
    ],
    [true, 'gone', shift({ action: 'delete' }), undefined],
    [
      true,
      'new, and there',
      shift({ action: 'create', before: undefined }),
      defaulted,
    ],
  ])('%s: %s', (is, _, operation, object) => {
    expect(isReached(operation, object as Record<string, unknown>)).toBe(is);
  });
});
