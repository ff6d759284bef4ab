import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../runCli';

const FIXTURES = join(__dirname, '..', '__fixtures__');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-portal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

async function run(args: string[], stdin = '') {
  const written = { out: '', error: '' };
  const code = await runCli(['analyze', ...args], {
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

interface Found {
  code: string;
  severity: string;
  object: { kind: string; namespace?: string; name: string };
  path: string;
  file?: string;
  line?: number;
}

/** `ISB0101 VirtualService shop/a spec.gateways[0] mesh.yaml:3` of the codes, whatever else is found. */
async function find(codes: string[], args: string[], stdin = '') {
  const { out } = await run([...args, '--output', 'json'], stdin);
  const { findings } = JSON.parse(out) as { findings: Found[] };
  return findings
    .filter(({ code }) => codes.includes(code))
    .map(({ code, object, path, file: name, line }) =>
      [
        code,
        object.kind,
        [object.namespace, object.name].filter(Boolean).join('/'),
        path,
        `${name}:${line}`,
      ].join(' '),
    )
    .sort();
}

const BROKEN = readFileSync(join(FIXTURES, 'broken.yaml'), 'utf8');

const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  hosts: [a]
  gateways: [gone]
`;

describe('istio-portal analyze', () => {
  it('says what is wrong, in which file and line', async () => {
    file('mesh/broken.yaml', BROKEN);
    expect(await find(['ISB0101', 'ISB0501'], ['mesh'])).toEqual([
      'ISB0101 VirtualService shop/storefront spec.gateways[1] mesh/broken.yaml:17',
      'ISB0501 PeerAuthentication istio-system/payments spec.selector mesh/broken.yaml:29',
    ]);
    const { code, out } = await run(['.']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^mesh\/broken\.yaml:17:7: error ISB0101 \(IST0101, KIA1102\): VirtualService shop\/storefront spec\.gateways\[1\]: There is no Gateway edge\/public/m,
    );
    expect(out).toMatch(/^3 objects: \d+ errors?, \d+ warnings?, \d+ infos?$/m);
  });

  it('looks at all files together', async () => {
    file('a.yaml', VIRTUAL_SERVICE);
    file(
      'b.yaml',
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gone }
spec: { selector: { istio: ingressgateway }, servers: [] }
`,
    );
    expect(await find(['ISB0101'], ['a.yaml', 'b.yaml'])).toEqual([]);
    expect(await find(['ISB0101'], ['a.yaml'])).toEqual([
      'ISB0101 VirtualService default/a spec.gateways[0] a.yaml:6',
    ]);
  });

  it('reads standard input, JSON and Windows files, and counts their lines', async () => {
    const codes = ['ISB0101'];
    expect(await find(codes, ['-'], `---\n${VIRTUAL_SERVICE}`)).toEqual([
      'ISB0101 VirtualService default/a spec.gateways[0] stdin:7',
    ]);
    file('windows.yaml', `\uFEFF${VIRTUAL_SERVICE.replace(/\n/g, '\r\n')}`);
    expect(await find(codes, ['windows.yaml'])).toEqual([
      'ISB0101 VirtualService default/a spec.gateways[0] windows.yaml:6',
    ]);
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'a' },
      spec: { gateways: ['gone'] },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [object] };
    file('list.json', JSON.stringify(list, null, 2));
    expect(await find(codes, ['list.json'])).toEqual([
      'ISB0101 VirtualService default/a spec.gateways[0] list.json:13',
    ]);
  });

  it('takes the mesh settings from a file, and the root namespace from a flag', async () => {
    const policy = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: a, namespace: mesh-root }
spec: { selector: { matchLabels: { app: a } } }
`;
    file('a.yaml', policy);
    file('mesh-config.txt', 'rootNamespace: mesh-root');
    const found = [
      'ISB0501 PeerAuthentication mesh-root/a spec.selector a.yaml:4',
    ];
    expect(await find(['ISB0501'], ['a.yaml'])).toEqual([]);
    expect(
      await find(['ISB0501'], ['a.yaml', '--root-namespace', 'mesh-root']),
    ).toEqual(found);
    expect(
      await find(['ISB0501'], ['a.yaml', '--mesh-config', 'mesh-config.txt']),
    ).toEqual(found);
  });

  it('ends with 1 from the severity on that is asked for', async () => {
    file(
      'a.yaml',
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: a, namespace: istio-system }
spec: { selector: { matchLabels: { app: a } }, mtls: { mode: STRICT } }
`,
    );
    expect((await run(['a.yaml'])).code).toBe(0);
    expect((await run(['a.yaml', '--fail-on', 'warning'])).code).toBe(1);
    expect((await run(['a.yaml', '--fail-on', 'info'])).code).toBe(1);
    const { code, error } = await run(['a.yaml', '--fail-on', 'never']);
    expect(code).toBe(2);
    expect(error).toBe(
      'istio-portal: --fail-on must be error or warning or info, it is "never"\n',
    );
  });

  it('ends with 2 and the place for what cannot be read', async () => {
    file('a.yaml', `${VIRTUAL_SERVICE}---\nkind: [\n`);
    const { code, error } = await run(['a.yaml']);
    expect(code).toBe(2);
    expect(error).toMatch(/^istio-portal: a\.yaml: document 2, line \d+: /);
  });

  it('finds no error in a shop that works', async () => {
    const { code, out } = await run([join(FIXTURES, 'shop.yaml')]);
    expect(out).toMatch(/^9 objects: 0 errors, /m);
    expect(code).toBe(0);
  });
});
