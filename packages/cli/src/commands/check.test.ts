import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { loadAll } from 'js-yaml';
import { runCli } from '../runCli';

const CONFIG = `
istio:
  clusters: [{ name: prod-eu }, { name: staging }]
  ownership:
    namespaces:
      catalog: group:default/catalog-team
      ratings: [catalog-team]
      payments: payments-team
  guardrails:
    platformTeams: [group:default/platform]
    environments:
      staging: { clusters: [staging], modes: { host-ownership: warn } }
    teams:
      catalog-team: { externalHosts: ['*.maps.example'], externalAddresses: [198.51.100.7] }
backend: { port: 1 }
`;

const route = (host: string, namespace = 'catalog', more = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: ${namespace} }
spec:
  hosts:
    - ${host}
  http:
    - route: [{ destination: { host: reviews } }]
${more}`;

const SERVICES = ['reviews', 'other']
  .map(
    name => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: catalog }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }`,
  )
  .join('\n---');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
  file('app-config.yaml', CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

async function run(...args: string[]) {
  const written = { out: '', error: '' };
  const code = await runCli(args, {
    out: text => {
      written.out += text;
    },
    error: text => {
      written.error += text;
    },
    readStdin: () => '',
    cwd: folder,
    now: () => 0,
  });
  return { code, ...written };
}

const check = (...args: string[]) =>
  run('check', ...args, '--policy', 'app-config.yaml');

const denial = (host: string, namespace = 'catalog') =>
  `Host ${host} of VirtualService ${namespace}/reviews is not a Service of this component`;

describe('istio-portal check', () => {
  it.each([
    ['alone', route('payments.payments.svc.cluster.local')],
    [
      'as the second document',
      `${SERVICES}\n---${route('payments.payments.svc.cluster.local')}`,
    ],
    [
      'in a List',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          {
            apiVersion: 'networking.istio.io/v1beta1',
            kind: 'VirtualService',
            metadata: { name: 'reviews', namespace: 'catalog' },
            spec: { hosts: ['payments.payments.svc.cluster.local'] },
          },
        ],
      }),
    ],
    [
      'behind an anchor',
      route('*other', 'catalog', 'x: &unused 1').replace(
        'metadata:',
        'x-other: &other payments.payments.svc.cluster.local\nmetadata:',
      ),
    ],
  ])('refuses the hijack of ISTIO-SECURITY-2026-002 %s', async (_, text) => {
    file('mesh/all.yaml', text);
    const { code, out } = await check('mesh');
    expect(out).toContain(
      `error host-ownership: VirtualService catalog/reviews spec.hosts[0]: ${denial(
        'payments.payments.svc.cluster.local',
      )}`,
    );
    expect(code).toBe(1);
  });

  it('judges a namespace for its owner, whose other namespaces are its own too', async () => {
    file('a.yaml', route('reviews.ratings'));
    expect(await check('a.yaml')).toMatchObject({
      code: 0,
      out: '1 object: 0 errors, 0 warnings, 0 infos\n',
    });
    file('b.yaml', route('reviews.ratings', 'payments'));
    expect((await check('b.yaml')).out).toContain(
      denial('reviews.ratings', 'payments'),
    );
  });

  it('holds what nobody is bound to', async () => {
    file('a.yaml', route('reviews', 'elsewhere'));
    const { code, out } = await check('a.yaml');
    expect(out).toContain(
      'VirtualService elsewhere/reviews is not in a namespace of this component in the cluster (it has none there)',
    );
    expect(code).toBe(1);
    expect((await run('check', 'a.yaml')).code).toBe(1);
    file('open.yaml', 'ownership: { bindAll: true }');
    expect((await run('check', 'a.yaml', '--policy', 'open.yaml')).code).toBe(
      0,
    );
  });

  it('judges one component when its Services are named, as the portal does', async () => {
    file('mesh.yaml', `${SERVICES}\n---${route('other')}`);
    expect((await check('mesh.yaml')).code).toBe(0);
    const { out } = await check('mesh.yaml', '--service', 'catalog/reviews');
    expect(out).toContain(denial('other'));
    const own = await check(
      'mesh.yaml',
      '--service',
      'catalog/reviews',
      '--service',
      'catalog/other',
    );
    expect(own.code).toBe(0);
  });

  it('goes by the environment of the cluster', async () => {
    file('a.yaml', route('payments.payments'));
    expect((await check('a.yaml', '--cluster', 'prod-eu')).code).toBe(1);
    const staging = await check('a.yaml', '--cluster', 'staging');
    expect(staging.out).toContain(
      `warning host-ownership: VirtualService catalog/reviews spec.hosts[0]: ${denial(
        'payments.payments',
      )}. In staging this is pointed out, not enforced`,
    );
    expect(staging.code).toBe(0);
  });

  it('judges changes alone when told what is there', async () => {
    const retries = (attempts: number) =>
      route(
        'reviews',
        'catalog',
        `      retries: { attempts: ${attempts}, perTryTimeout: 1s }`,
      );
    file('base/a.yaml', retries(9));
    file('new/a.yaml', retries(9));
    expect((await check('new')).out).toContain(
      'retries a request up to 9 times',
    );
    expect(await check('new', '--base', 'base')).toMatchObject({
      code: 0,
      out: '0 objects: 0 errors, 0 warnings, 0 infos\n',
    });
    // As `kubectl get -o yaml` gives it.
    file(
      'base/a.yaml',
      retries(9).replace(
        'namespace: catalog }',
        "namespace: catalog, uid: a, resourceVersion: '7', generation: 3 }\nstatus: {}",
      ),
    );
    expect((await check('new', '--base', 'base')).code).toBe(0);
    file('new/a.yaml', retries(10));
    expect((await check('new', '--base', 'base')).out).toContain(
      'retries a request up to 10 times; the limit is 5',
    );
  });

  it('asks for approval where the portal does', async () => {
    const strict = (mode: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: catalog }
spec: { mtls: { mode: ${mode} } }`;
    file('base/a.yaml', strict('STRICT'));
    file('new/a.yaml', strict('PERMISSIVE'));
    const { code, out } = await check('new', '--base', 'base');
    expect(out).toContain(
      'error mtls-downgrade: PeerAuthentication catalog/default: needs approval: PeerAuthentication catalog/default takes namespace catalog from STRICT to PERMISSIVE',
    );
    expect(code).toBe(1);
  });

  it('knows the platform by its name', async () => {
    const strict = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }`;
    file('a.yaml', strict);
    expect((await check('a.yaml')).code).toBe(1);
    expect((await check('a.yaml', '--team', 'platform')).code).toBe(0);
  });

  it('is read by programs', async () => {
    file('a.yaml', route('payments.payments'));
    const json = JSON.parse((await check('a.yaml', '--output', 'json')).out);
    expect(json).toMatchObject({
      version: 1,
      objects: 1,
      counts: { error: 1, warning: 0 },
      findings: [
        {
          code: 'host-ownership',
          file: 'a.yaml',
          line: 7,
          path: 'spec.hosts[0]',
        },
      ],
    });
    expect(json.verdicts).toContainEqual(
      expect.objectContaining({
        policy: 'root-namespace',
        verdict: 'pass',
        policyVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
      }),
    );
    const { runs } = JSON.parse(
      (await check('a.yaml', '--output', 'sarif')).out,
    );
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'host-ownership',
        level: 'error',
        locations: [{ physicalLocation: { region: { startLine: 7 } } }],
      },
    ]);
  });

  it.each([
    [['--cluster', 'mars'], '--cluster must be one of prod-eu, staging'],
    [['--team', 'a b'], '--team must be an entity reference'],
    [['--service', 'catalog/none'], 'there is no such Service'],
  ])('ends with 2 for %j', async (args, message) => {
    file('a.yaml', `${SERVICES}\n---${route('reviews')}`);
    const { code, error } = await check('a.yaml', ...args);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    [
      'a few aliases of aliases',
      Array.from(
        { length: 12 },
        (_, at) =>
          `a${at}: &a${at} [${at === 0 ? '1' : Array(9).fill(`*a${at - 1}`)}]`,
      ).join('\n'),
    ],
    ['a list that holds itself', 'a: &a [*a]'],
  ])('refuses a file that would not end: %s', async (_, text) => {
    file('a.yaml', `${route('reviews')}\n---\n${text}\n`);
    const { code, error } = await run(
      'check',
      'a.yaml',
      '--policy',
      'app-config.yaml',
    );
    expect(error).toContain('a.yaml: document 2, line');
    expect(error).toContain(
      'its aliases make more than 1,000,000 values of it',
    );
    expect(code).toBe(2);
  });

  it.each(['!!js/function "function(){}"', '!<tag:x> {}'])(
    'makes nothing of a tag: %s',
    async tag => {
      file('a.yaml', `${route('reviews')}\n---\na: ${tag}\n`);
      const { code, error } = await run(
        'check',
        'a.yaml',
        '--policy',
        'app-config.yaml',
      );
      expect(error).toContain('unknown tag');
      expect(code).toBe(2);
    },
  );

  it('names a key of the policy that is wrong', async () => {
    file('a.yaml', route('reviews'));
    file('p.yaml', 'istio: { guardrails: { kinds: [EnvoyFilter] } }');
    const { code, error } = await run('check', 'a.yaml', '--policy', 'p.yaml');
    expect(error).toContain('p.yaml: istio.guardrails.kinds.0: must be one of');
    expect(code).toBe(2);
  });
});

describe('istio-portal guard', () => {
  interface Policy {
    kind: string;
    metadata: { name: string };
    spec: {
      validationActions?: string[];
      policyName?: string;
      variables?: { name: string; expression: string }[];
      matchConditions?: { name: string }[];
    };
  }
  const guard = async (...args: string[]) => {
    const { code, out } = await run(
      'guard',
      '--policy',
      'app-config.yaml',
      ...args,
    );
    return { code, objects: loadAll(out) as Policy[] };
  };

  it('prints a policy and its binding per kind, with what each namespace holds', async () => {
    const { code, objects } = await guard();
    expect(code).toBe(0);
    const names = objects
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
      .map(({ metadata }) => metadata.name);
    expect(names).toEqual(
      [
        'virtualservices',
        'destinationrules',
        'serviceentries',
        'gateways',
        'httproutes',
        'grpcroutes',
        'tcproutes',
        'tlsroutes',
      ].map(resource => `istio-portal-hosts-${resource}`),
    );
    expect(
      objects
        .filter(({ kind }) => kind.endsWith('Binding'))
        .map(({ spec }) => [spec.policyName, spec.validationActions]),
    ).toEqual(names.map(name => [name, ['Deny']]));
    const tables = Object.fromEntries(
      objects[0].spec.variables!.map(({ name, expression }) => [
        name,
        expression,
      ]),
    );
    expect(tables).toMatchObject({
      ownedTable0:
        '{"catalog": ["catalog","ratings"], "ratings": ["catalog","ratings"]}',
      externalTable0:
        '{"catalog": ["*.maps.example"], "ratings": ["*.maps.example"]}',
      addressesTable0:
        '{"catalog": ["198.51.100.7/32"], "ratings": ["198.51.100.7/32"]}',
      published: '[]',
    });
  });

  it('only warns where host ownership does, and lets exempt groups through', async () => {
    const { objects } = await guard(
      '--cluster',
      'staging',
      '--exempt-group',
      'deployers',
    );
    expect(
      objects.find(({ kind }) => kind.endsWith('Binding'))?.spec
        .validationActions,
    ).toEqual(['Warn', 'Audit']);
    expect(objects[0].spec.matchConditions?.map(({ name }) => name)).toContain(
      'not-exempt',
    );
  });

  it('prints JSON that kubectl reads, and reads no manifests', async () => {
    const { out } = await run('guard', '--output', 'json');
    expect(JSON.parse(out)).toMatchObject({ kind: 'List' });
    expect(await run('guard', '.')).toMatchObject({
      code: 2,
      error: expect.stringContaining('guard reads no manifests'),
    });
  });
});
