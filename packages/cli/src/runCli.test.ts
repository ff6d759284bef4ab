import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './runCli';

const SHOP = join(__dirname, '__fixtures__', 'shop.yaml');
const EXPECT = join(__dirname, '__fixtures__', 'expectations.yaml');

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: string[], stdin = '') {
  const written = { out: '', error: '' };
  const code = await runCli(args, {
    out: text => {
      written.out += text;
    },
    error: text => {
      written.error += text;
    },
    readStdin: () => stdin,
    cwd: folder,
    now: () => Date.parse('2026-07-01T00:00:00Z'),
  });
  return { code, ...written };
}

async function json(args: string[]) {
  const { code, out } = await run([...args, '--output', 'json']);
  return { code, answer: JSON.parse(out) };
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('istio-portal', () => {
  it('validates object by object', async () => {
    file(
      'bad.yaml',
      `${readFileSync(SHOP, 'utf8')}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: wrong, namespace: shop }
spec: { action: DENY }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs, namespace: shop }
spec: { accessLogging: [{ filter: { expression: 'response.code >=' } }] }
`,
    );
    const { code, answer } = await json(['validate', '.']);
    expect(code).toBe(1);
    expect(answer.version).toBe(1);
    expect(answer.validation).toHaveLength(6);
    expect(
      answer.validation.filter(({ valid }: { valid: boolean }) => !valid),
    ).toEqual([
      {
        object: {
          apiVersion: 'security.istio.io/v1',
          kind: 'AuthorizationPolicy',
          namespace: 'shop',
          name: 'wrong',
        },
        valid: false,
        errors: [expect.stringContaining('spec.rules')],
        warnings: [],
      },
      {
        object: {
          apiVersion: 'telemetry.istio.io/v1',
          kind: 'Telemetry',
          namespace: 'shop',
          name: 'logs',
        },
        valid: false,
        errors: [
          expect.stringContaining('spec.accessLogging[0].filter.expression'),
        ],
        warnings: [],
      },
    ]);
    expect((await run(['validate', SHOP])).code).toBe(0);
  });

  it('explains the mode of a port and what a client sends', async () => {
    const { code, answer } = await json([
      'explain',
      'mtls',
      SHOP,
      '--to',
      'shop/reviews-v1',
      '--port',
      '8080',
      '--from',
      'shop/web',
    ]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      version: 1,
      port: 8080,
      mode: 'STRICT',
      decidedBy: [
        {
          object: { kind: 'PeerAuthentication', name: 'default' },
          path: 'spec.mtls.mode',
        },
      ],
      client: { sends: 'mtls', outcome: 'encrypted' },
    });
    const legacy = await json([
      'explain',
      'mtls',
      SHOP,
      '--to',
      'shop/reviews-v1',
      '--from',
      'shop/legacy',
    ]);
    expect(legacy).toMatchObject({
      code: 1,
      answer: {
        ports: [{ client: { sends: 'plaintext', outcome: 'refused' } }],
      },
    });
  });

  it('explains who may call', async () => {
    const ask = (...rest: string[]) =>
      json([
        'explain',
        'authz',
        SHOP,
        '--to',
        'shop/reviews-v1',
        '--port',
        '8080',
        ...rest,
      ]);
    expect(await ask('--from', 'shop/web', '--method', 'GET')).toMatchObject({
      code: 0,
      answer: {
        decision: 'allow',
        decidedBy: [{ object: { name: 'reviews' }, path: 'spec.rules[0]' }],
      },
    });
    expect(await ask('--from', 'shop/other', '--method', 'GET')).toMatchObject({
      code: 1,
      answer: { decision: 'deny' },
    });
    expect(await ask('--from-ip', '10.0.0.1')).toMatchObject({
      code: 1,
      answer: { decision: 'refused' },
    });
    expect(await ask('--from', 'shop/web')).toMatchObject({
      code: 0,
      answer: { decision: 'unknown', missing: ['request method'] },
    });
  });

  it('explains routes and splits', async () => {
    const { code, answer } = await json([
      'explain',
      'route',
      SHOP,
      '--from',
      'shop/web',
      '--host',
      'reviews',
      '--port',
      '80',
    ]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      outcome: 'routed',
      timeout: '3s',
      destinations: [
        { host: 'reviews.shop.svc.cluster.local', subset: 'v1', percent: 90 },
        { subset: 'v2', percent: 10 },
      ],
    });
    const split = await json([
      'explain',
      'split',
      SHOP,
      '--to',
      'shop/reviews-v1',
    ]);
    expect(split.answer.routes[1]).toMatchObject({
      destinations: [{ percent: 90 }, { percent: 10 }],
      decidedBy: [{ object: { kind: 'VirtualService' }, path: 'spec.http[1]' }],
    });
  });

  it('explains resilience and exposure', async () => {
    const to = ['--to', 'shop/reviews-v1'];
    const { code, answer } = await json(['explain', 'resilience', SHOP, ...to]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      version: 1,
      client: { namespace: 'shop' },
      routes: [
        { settings: [{ setting: 'timeout', state: 'off' }, {}] },
        {
          settings: [
            {
              setting: 'timeout',
              value: { timeout: '3s' },
              decidedBy: [
                {
                  object: { kind: 'VirtualService', name: 'reviews' },
                  path: 'spec.http[1].timeout',
                },
              ],
            },
            { setting: 'retries', defaults: ['2 retries'] },
          ],
        },
      ],
      destinations: [{ subset: 'v2' }, { subset: 'v1' }],
      rateLimits: [],
      rateLimitsKnown: true,
    });
    const text = await run(['explain', 'resilience', SHOP, ...to]);
    expect(text.out).toContain(
      '  timeout: 3 s\n    decided by VirtualService shop/reviews spec.http[1].timeout',
    );
    const exposure = await json(['explain', 'exposure', SHOP, ...to]);
    expect(exposure.answer).toMatchObject({
      gateways: [],
      services: [],
      outbound: { mode: 'any', hosts: [] },
    });
    const told = await run(['explain', 'exposure', SHOP, ...to]);
    expect(told.out).toContain('not reached from outside by what was read');
    file(
      'edge.yaml',
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example], tls: { mode: SIMPLE, credentialName: shop-tls } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: shop }
spec: { hosts: [shop.example], gateways: [public], http: [{ route: [{ destination: { host: reviews } }] }] }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: shop, namespace: shop }
spec: { secretName: shop-tls, dnsNames: [shop.example], issuerRef: { name: acme } }
status: { notBefore: '2026-04-10T00:00:00Z', notAfter: '2026-07-09T00:00:00Z' }
`,
    );
    const open = await json(['explain', 'exposure', SHOP, 'edge.yaml', ...to]);
    expect(open.answer.gateways[0].certificates).toMatchObject([
      {
        name: 'shop-tls',
        path: 'spec.servers[0].tls.credentialName',
        expiry: 'soon',
        notAfter: '2026-07-09T00:00:00.000Z',
        decidedBy: [
          { object: { kind: 'Certificate' }, path: 'status.notAfter' },
        ],
      },
    ]);
    const inWords = await run([
      'explain',
      'exposure',
      SHOP,
      'edge.yaml',
      ...to,
    ]);
    expect(inWords.out).toContain(
      '  certificate Secret shop/shop-tls: Ends in 8 days, on 2026-07-09.',
    );
    const nobody = await run([
      'explain',
      'resilience',
      SHOP,
      ...to,
      '--from',
      'shop/nobody',
    ]);
    expect(nobody.code).toBe(2);
  });

  it('runs cases, and tells which fail and why', async () => {
    const { code, answer } = await json(['test', SHOP, '--expect', EXPECT]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ total: 6, failed: 0 });
    expect(answer.cases[0]).toMatchObject({
      name: 'web reads reviews',
      passed: true,
      actual: { decision: 'allow' },
    });
    expect(answer.cases[5]).toMatchObject({
      actual: { destinations: [{ percent: 90 }, { percent: 10 }] },
    });
    expect(answer.cases[5]).not.toHaveProperty('passed');
    const wrong = file(
      'wrong.yaml',
      `cases: [{ name: 'a <wrong> one', authz: { from: shop/web, to: shop/reviews-v1, port: 8080, method: POST }, expect: { decision: allow } }]`,
    );
    const text = await run(['test', SHOP, '--expect', wrong]);
    expect(text.code).toBe(1);
    expect(text.out).toContain('decision is "deny", expected "allow"');
    const report = await run([
      'test',
      SHOP,
      '--expect',
      wrong,
      '--output',
      'junit',
    ]);
    expect(report.out).toContain('name="a &lt;wrong&gt; one"');
    expect(report.out).toContain('failures="1"');
  });

  it('reads standard input, JSON and lists', async () => {
    const list = JSON.stringify({
      kind: 'PeerAuthenticationList',
      apiVersion: 'security.istio.io/v1',
      items: [{ metadata: { name: 'a' }, spec: { mtls: { mode: 'STRICT' } } }],
    });
    const { code, out } = await run(
      ['validate', '-', '--output', 'json'],
      list,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out).validation).toMatchObject([
      { object: { kind: 'PeerAuthentication', namespace: 'default' } },
    ]);
  });

  it.each<[string, string, string]>([
    ['broken YAML', `${POD}\n---\na: b\nc: ]`, 'x.yaml: document 2, line 6: '],
    [
      'no object',
      `${POD}\n---\n- 1`,
      'x.yaml: document 2, line 4: is no Kubernetes object',
    ],
    [
      'no name',
      'apiVersion: v1\nkind: Pod\nmetadata: {}',
      'x.yaml: document 1, line 1: metadata.name is required',
    ],
    [
      'one object twice',
      `${POD}\n---\n${POD.replace('}', ', namespace: default}')}`,
      'document 2, line 4: Pod default/a is also in x.yaml, document 1, line 1',
    ],
  ])('ends with 2 and the place: %s', async (_, text, message) => {
    const { code, error } = await run(['validate', file('x.yaml', text)]);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });

  it.each<[string, string[], string]>([
    [
      'no such file',
      ['validate', 'nowhere.yaml'],
      'nowhere.yaml: no such file',
    ],
    ['no such command', ['analyse', '.'], 'unknown command "analyse"'],
    ['no such flag', ['validate', '.', '--strict'], '--output'],
    ['no path', ['validate'], 'needs a file or folder'],
    ['no such output', ['validate', SHOP, '--output', 'xml'], 'text or json'],
    [
      'no such workload',
      ['explain', 'mtls', SHOP, '--to', 'shop/nobody'],
      'there are legacy, reviews-v1',
    ],
    [
      'no port',
      ['explain', 'authz', SHOP, '--to', 'shop/web', '--from', 'shop/web'],
      '--port is required',
    ],
    [
      'no caller',
      ['explain', 'authz', SHOP, '--to', 'shop/web', '--port', '1'],
      '--from-ip',
    ],
    [
      'a port that is none',
      ['explain', 'mtls', SHOP, '--to', 'shop/web', '--port', '0'],
      'from 1 to 65535',
    ],
    ['no cases', ['test', SHOP, '--expect', SHOP], 'must have a list "cases"'],
  ])('ends with 2 and says what is allowed: %s', async (_, args, message) => {
    const { code, error } = await run(args);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });

  it('passes over what is no manifest in a folder, but not in a file that is named', async () => {
    file('values.yaml', 'replicas: 3\n');
    file(
      'pa.yaml',
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\n',
    );
    expect((await run(['validate', '.'])).code).toBe(0);
    expect((await run(['validate', 'values.yaml'])).code).toBe(2);
  });
});
