import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * The import rules of docs/architecture.md, read off every source file: the core takes data and
 * returns data, and its folders know only what stands below them.
 */
const root = __dirname;

interface Import {
  file: string;
  target: string;
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return listSources(path);
    }
    return /\.tsx?$/.test(entry.name) &&
      !/\.(test|testdata)\.tsx?$/.test(entry.name)
      ? [path]
      : [];
  });
}

/** The text with comments and strings blanked, so that words in them do not count. */
function stripProse(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/(^|[^:\\])\/\/[^\n]*/g, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, '``');
}

function importsOf(source: string): string[] {
  return [
    ...source.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s*['"]([^'"]+)['"]/g,
    ),
    ...source.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g),
    ...source.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g),
  ].map(match => match[1]);
}

const sources = listSources(root).map(path => ({
  file: relative(root, path),
  text: readFileSync(path, 'utf8'),
}));
const core = sources.filter(({ file }) => folderOf(file) !== 'testUtils');
const imports: Import[] = sources.flatMap(({ file, text }) =>
  importsOf(text).map(target => ({ file, target })),
);
const external = imports.filter(({ target }) => !target.startsWith('.'));
const internal = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({
    file,
    target: relative(root, resolve(root, dirname(file), target)),
  }));

/** `mesh`, or the file's own name at the top. */
function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
}

const shared = [
  'zod',
  '@marcbachmann/cel-js',
  '@noble/curves/ed25519',
  '@noble/hashes/sha2',
  '@noble/hashes/utils',
  'canonicalize',
  're2js',
];

/** What one place may import beyond that. */
const exceptions: Record<string, string[]> = {
  'permissions.ts': ['@backstage/plugin-permission-common'],
  client: ['@backstage/errors'],
  contract: ['zod-to-json-schema'],
  manifests: ['yaml'],
  testUtils: ['yaml'],
};

/** Folders that a folder may import from, itself aside. Not named: nobody but `index.ts` and tests. */
const below: Record<string, string[]> = {
  resources: [],
  audit: [],
  telemetry: ['resources'],
  snapshot: ['resources'],
  schema: [],
  validation: ['resources', 'schema'],
  entity: ['resources', 'snapshot', 'telemetry'],
  mesh: ['resources', 'snapshot', 'telemetry', 'entity'],
  analysis: [
    'resources',
    'snapshot',
    'telemetry',
    'entity',
    'mesh',
    'validation',
  ],
  intents: [
    'resources',
    'snapshot',
    'telemetry',
    'entity',
    'mesh',
    'analysis',
    'validation',
  ],
  changes: [
    'resources',
    'snapshot',
    'telemetry',
    'entity',
    'mesh',
    'analysis',
    'intents',
  ],
  manifests: ['resources', 'changes'],
  policy: [
    'resources',
    'snapshot',
    'telemetry',
    'entity',
    'mesh',
    'intents',
    'changes',
    'validation',
  ],
  evidence: ['audit', 'resources', 'changes', 'drift'],
  drift: ['resources', 'changes', 'policy'],
  contract: [
    'audit',
    'resources',
    'analysis',
    'entity',
    'mesh',
    'intents',
    'changes',
    'permissions.ts',
  ],
  client: ['contract', 'changes'],
  testUtils: ['resources', 'snapshot', 'telemetry', 'entity', 'mesh'],
  'permissions.ts': [],
};

function targetFolder(target: string): string {
  return target === 'permissions' || target === '../permissions'
    ? 'permissions.ts'
    : folderOf(target);
}

describe('architecture', () => {
  it('finds the sources it judges', () => {
    expect(core.length).toBeGreaterThan(100);
    expect(internal.length).toBeGreaterThan(300);
    expect(
      importsOf("import {\n  a,\n} from 'x';\nexport * from './y';"),
    ).toEqual(['x', './y']);
    expect(
      stripProse("a('fetch(1)'); // fetch(2)\n/* Date.now() */ b;"),
    ).not.toMatch(/fetch|Date/);
  });

  it('imports only pure libraries', () => {
    const refused = external.filter(
      ({ file, target }) =>
        !shared.includes(target) &&
        !(exceptions[folderOf(file)] ?? []).includes(target),
    );
    expect(refused).toEqual([]);
  });

  it('every folder knows only those below it', () => {
    const refused = internal.filter(({ file, target }) => {
      const from = folderOf(file);
      const to = targetFolder(target);
      return (
        from !== 'index.ts' && from !== to && !(below[from] ?? []).includes(to)
      );
    });
    expect(refused).toEqual([]);
  });

  it('nothing leaves the package', () => {
    expect(internal.filter(({ target }) => target.startsWith('..'))).toEqual(
      [],
    );
  });

  it('only the shell and tests use the test utilities', () => {
    expect(
      internal.filter(
        ({ file, target }) =>
          folderOf(target) === 'testUtils' && folderOf(file) !== 'testUtils',
      ),
    ).toEqual([]);
  });

  it('has no import cycle between folders', () => {
    const visit = (folder: string, path: string[]): string[] => {
      if (path.includes(folder)) {
        return [...path, folder];
      }
      for (const next of below[folder] ?? []) {
        const cycle = visit(next, [...path, folder]);
        if (cycle.length > 0) {
          return cycle;
        }
      }
      return [];
    };
    expect(Object.keys(below).flatMap(folder => visit(folder, []))).toEqual([]);
  });

  const impure: [string, RegExp][] = [
    [
      'network',
      /\bfetch\s*\(|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b/,
    ],
    ['process', /\bprocess\s*\./],
    ['console', /\bconsole\s*\./],
    [
      'timers',
      /\b(set|clear)(Timeout|Interval|Immediate)\s*\(|\bqueueMicrotask\b/,
    ],
    [
      'clock',
      /\bDate\.now\b|\bnew Date\s*\(\s*\)|\bnew Date\b(?!\s*\()|\bperformance\./,
    ],
    ['randomness', /\bMath\.random\b|\bcrypto\s*\./],
    [
      'globals',
      /\bglobalThis\b|\bwindow\s*\.(?!seconds|to\b|from\b)|\bdocument\s*\.(?=cookie|body|create)/,
    ],
  ];

  it.each(impure)('the core is free of: %s', (_, pattern) => {
    const found = core
      .filter(({ file }) => folderOf(file) !== 'client')
      .filter(({ text }) => pattern.test(stripProse(text)))
      .map(({ file }) => file);
    expect(found).toEqual([]);
  });

  it('finds each impurity where it is', () => {
    const samples = [
      'await fetch(url)',
      'process.env.X',
      'console.log(1)',
      'setTimeout(f, 1)',
      'const t = new Date();',
      'Math.random()',
      'globalThis.x',
    ];
    samples.forEach((sample, index) =>
      expect(impure[index][1].test(stripProse(sample))).toBe(true),
    );
    expect(impure[4][1].test('new Date(asOf).toISOString()')).toBe(false);
  });

  it('index.ts only re-exports', () => {
    const { text } = sources.find(({ file }) => file === 'index.ts')!;
    const rest = stripProse(text)
      .replace(/export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+''\s*;/g, '')
      .trim();
    expect(rest).toBe('');
  });
});
