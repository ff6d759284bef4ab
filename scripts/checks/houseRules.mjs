// The rules of docs/architecture.md that a machine can check. Prints each breach with its place.
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { root } from '../lib/paths.mjs';

const ts = createRequire(join(root, 'package.json'))('typescript');

const MAX_FILE_LINES = 400;
const MAX_PLUGIN_FILE_LINES = 150;
const MAX_FUNCTION_LINES = 60;
const FORBIDDEN_NAMES = /^(utils?|helpers?|manager|common)\.tsx?$/;

/** Which of our packages a package may import, tests aside. */
const ARROWS = {
  'plugins/istio-common': [],
  'plugins/istio-node': ['plugin-istio-common'],
  'plugins/istio-backend': ['plugin-istio-node', 'plugin-istio-common'],
  'plugins/scaffolder-backend-module-istio': [
    'plugin-istio-node',
    'plugin-istio-common',
  ],
  'plugins/istio': ['plugin-istio-common'],
  'packages/sandbox': ['plugin-istio-common'],
  'packages/cli': ['plugin-istio-common'],
  'packages/app': ['plugin-istio'],
  'packages/backend': [
    'plugin-istio-backend',
    'plugin-istio-common',
    'plugin-scaffolder-backend-module-istio',
  ],
};

/** Layer rules inside the backend plugin: who may import what. */
const LAYERS = [
  {
    rule: 'only clusters/ speaks to Kubernetes',
    files: /^plugins\/istio-backend\/src\/(?!clusters\/)/,
    forbidden: /^@kubernetes\/client-node$/,
  },
  {
    rule: 'only config.ts and plugin.ts see Config',
    files: /^plugins\/istio-backend\/src\/(?!(config|plugin)\.ts|config\/)/,
    forbidden: /^@backstage\/config$/,
  },
  {
    rule: 'a router never imports a store',
    files: /^plugins\/istio-backend\/src\/routers\//,
    forbidden: /Store$|AuditLog$|^knex$/,
  },
  {
    rule: 'only routers speak HTTP to clients',
    files: /^plugins\/istio-backend\/src\/(?!routers\/|plugin\.ts)/,
    forbidden: /^express/,
  },
  {
    rule: 'the frontend does not reach into the core by path',
    files: /^plugins\/istio\//,
    forbidden: /^@istio-backstage\/.*\/src|^\.\.\/.*plugins\//,
  },
];

/** Ways to make markup of text; React makes text of it. */
const MARKUP_SINKS =
  /^(dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|srcDoc|createContextualFragment)$/;

const breaches = [];
const breach = (file, line, rule) => breaches.push(`${file}:${line}  ${rule}`);

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'plugins', 'packages', 'test'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(file => /\.(ts|tsx)$/.test(file) && !file.endsWith('.d.ts'))
  .filter(file => {
    try {
      readFileSync(join(root, file));
      return true;
    } catch {
      return false;
    }
  });

for (const file of files) checkFile(file);

function checkFile(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const isTest =
    /\.test\.tsx?$|__fixtures__|__testUtils__|\/testUtils\/|^test\//.test(file);
  checkLength(file, text.split('\n').length, isTest);
  if (FORBIDDEN_NAMES.test(basename(file))) {
    breach(
      file,
      1,
      'the name says nothing: utils, helpers, manager and common are not subjects',
    );
  }
  if (basename(file) === 'index.ts' && file.startsWith('plugins/'))
    checkReexportsOnly(file, source);
  for (const match of text.matchAll(/@ts-ignore|@ts-nocheck|eslint-disable/g)) {
    breach(
      file,
      lineOf(source, match.index),
      `${match[0]} switches a checker off`,
    );
  }
  visit(source, node => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      breach(file, lineOf(source, node.getStart()), 'any');
    if (!isTest && isFunction(node)) checkFunction(file, source, node);
  });
  if (!isTest)
    for (const imported of importsOf(source)) checkImport(file, imported);
  if (!isTest) checkInjection(file, source);
}

/** What text from people and clusters could become: markup in a page, or a request to somewhere else. */
function checkInjection(file, source) {
  visit(source, node => {
    if (ts.isIdentifier(node) && MARKUP_SINKS.test(node.text))
      breach(
        file,
        lineOf(source, node.getStart()),
        `${node.text} makes markup of text`,
      );
    if (
      file.startsWith('plugins/istio-backend/src/') &&
      ts.isCallExpression(node) &&
      node.expression.getText() === 'fetch' &&
      !/redirect: '(error|manual)'/.test(node.getText())
    )
      breach(
        file,
        lineOf(source, node.getStart()),
        "a request that follows redirects: say redirect: 'error' or 'manual'",
      );
  });
}

function checkLength(file, lines, isTest) {
  const limit =
    basename(file) === 'plugin.ts' ? MAX_PLUGIN_FILE_LINES : MAX_FILE_LINES;
  if (!isTest && lines > limit)
    breach(
      file,
      1,
      `${lines} lines, the limit is ${limit}: probably two subjects`,
    );
}

function checkReexportsOnly(file, source) {
  for (const statement of source.statements) {
    if (
      !ts.isExportDeclaration(statement) &&
      !ts.isImportDeclaration(statement)
    ) {
      breach(
        file,
        lineOf(source, statement.getStart()),
        'index.ts re-exports only',
      );
    }
  }
}

function checkFunction(file, source, node) {
  const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
  const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  if (to - from + 1 > MAX_FUNCTION_LINES) {
    breach(
      file,
      from + 1,
      `a function of ${
        to - from + 1
      } lines, the limit is ${MAX_FUNCTION_LINES}`,
    );
  }
}

function checkImport(file, { specifier, line }) {
  const own = Object.keys(ARROWS).find(folder => file.startsWith(`${folder}/`));
  const ours = /^@istio-backstage\/([^/]+)/.exec(specifier)?.[1];
  if (own && ours && !ARROWS[own].includes(ours)) {
    breach(file, line, `${own} must not import ${specifier}`);
  }
  for (const layer of LAYERS) {
    if (layer.files.test(file) && layer.forbidden.test(specifier)) {
      breach(file, line, `${layer.rule} (imports ${specifier})`);
    }
  }
}

function isFunction(node) {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node)
  );
}

function importsOf(source) {
  const found = [];
  visit(source, node => {
    const specifier =
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      !isTypeOnly(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) &&
          node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : undefined;
    if (specifier && ts.isStringLiteral(specifier)) {
      found.push({
        specifier: specifier.text,
        line: lineOf(source, node.getStart()),
      });
    }
  });
  return found;
}

/** A type leaves no trace at run time: a store's interface may be named anywhere. */
function isTypeOnly(node) {
  return ts.isImportDeclaration(node)
    ? node.importClause?.isTypeOnly === true
    : node.isTypeOnly;
}

function visit(node, see) {
  see(node);
  ts.forEachChild(node, child => visit(child, see));
}

function lineOf(source, position) {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

checkThreats();

/** The page about threats names the tests that prove its rows: each is there, and each row has one. */
function checkThreats() {
  const page = 'docs/threats.md';
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const rows = lines.flatMap((text, index) =>
    /^\| \d+ +\|/.test(text) ? [{ text, line: index + 1 }] : [],
  );
  if (rows.length === 0) breach(page, 1, 'it has no row');
  for (const { text, line } of rows) {
    const tests = text.match(/[\w./-]+\.(test|spec)\.tsx?/g) ?? [];
    if (tests.length === 0) breach(page, line, 'the row names no test');
    for (const test of tests) {
      if (!files.includes(test)) breach(page, line, `there is no test ${test}`);
    }
  }
}

for (const line of breaches.sort()) console.log(line);
console.log(`house rules: ${files.length} files, ${breaches.length} breaches`);
process.exit(breaches.length > 0 ? 1 : 0);
