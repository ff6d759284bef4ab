// Writes docs/rules from the rules and their cases; with --check only says which pages are stale.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dump, load, loadAll } from 'js-yaml';
import { analyze } from '../src/analysis/analyze';
import { RULES } from '../src/analysis/rules';
import type { Rule, RuleContext } from '../src/analysis/types';
import { KIND_NAMES, kindNameOf, type KindName } from '../src/resources/kinds';
import { describeObject } from '../src/resources/objectKey';
import type { KubeObject } from '../src/resources/types';
import { buildSnapshot } from '../src/snapshot/buildSnapshot';
import type { TrafficObservation } from '../src/telemetry/types';

interface Example {
  name: string;
  example?: 'bad' | 'good';
  world: string;
  now?: string;
  traffic?: TrafficObservation;
  meshConfig?: Record<string, unknown>;
}

const source = join(__dirname, '..', 'src', 'analysis', 'rules');
const pages = join(__dirname, '..', '..', '..', 'docs', 'rules');

/** Case file of a rule: the YAML beside the source that holds the rule's code. */
function readExamples(): Map<string, Example[]> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(file => join(source, file));
  return new Map(
    files.flatMap(file => {
      const code = /code: '(ISB\d{4})'/.exec(readFileSync(file, 'utf8'))?.[1];
      if (!code) return [];
      const cases = join(dirname(file), `${basename(file, '.ts')}.yaml`);
      return [[code, load(readFileSync(cases, 'utf8')) as Example[]] as const];
    }),
  );
}

/** Runs the rule over the example: the page shows what it really says. */
function presentExample(rule: Rule, example: Example | undefined): string {
  if (!example) return '';
  const { findings } = analyze({ rules: [rule], ...contextOf(example) });
  const said = findings.map(
    ({ object, path, message }) =>
      `- ${describeObject({ cluster: '', ...object })}, \`${
        path || 'metadata'
      }\`: ${message}`,
  );
  return [
    `\`\`\`yaml\n${example.world.trimEnd()}\n\`\`\``,
    ...presentSurroundings(example),
    ...(said.length > 0 ? [`Found:\n\n${said.join('\n')}`] : []),
  ].join('\n\n');
}

/** What the example depends on beside its objects. */
function presentSurroundings({ meshConfig, traffic, now }: Example): string[] {
  return Object.entries({
    meshConfig,
    'Observed traffic': traffic && {
      requests: traffic.requests,
      tcp: traffic.tcp,
    },
    'Time of day': now,
  }).flatMap(([what, value]) =>
    value === undefined
      ? []
      : [`${what}:\n\n\`\`\`yaml\n${dump(value).trimEnd()}\n\`\`\``],
  );
}

function contextOf({ world, now, traffic, meshConfig }: Example): RuleContext {
  const objects = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const document of loadAll(world) as KubeObject[]) {
    const kind = kindNameOf(document);
    if (kind) objects[kind].push(document);
  }
  return {
    snapshot: buildSnapshot({
      cluster: '',
      asOf: 0,
      objects,
      ...(meshConfig && { meshConfig }),
    }),
    ...(now && { now: Date.parse(now) }),
    ...(traffic && { traffic }),
  };
}

function presentPage(rule: Rule, examples: Example[]): string {
  const pick = (which: string) =>
    presentExample(
      rule,
      examples.find(({ example }) => example === which),
    );
  const known = rule.equivalents.length
    ? `${rule.equivalents.join(', ')} (istioctl, Kiali)`
    : 'none in istioctl or Kiali';
  return `# ${rule.code}: ${rule.title}

| | |
|---|---|
| Name | \`${rule.name}\` |
| Severity | ${rule.severity} |
| Judges | ${rule.subjects.join(', ')} |
| Also reads | ${rule.inputs.join(', ') || 'nothing else'} |
| Known as | ${known} |

${rule.explanation}

**What to do.** ${rule.remedy}

## Bad

${pick('bad')}

## Good

${pick('good')}
`;
}

function presentIndex(): string {
  const rows = RULES.map(
    ({ code, title, severity, equivalents }) =>
      `| [${code}](${code}.md) | ${severity} | ${title} | ${equivalents.join(
        ', ',
      )} |`,
  );
  return `# Findings

Each finding carries the code of its rule. Where istioctl or Kiali know the same finding, their code stands beside it.

| Code | Severity | What is wrong | Known as |
|---|---|---|---|
${rows.join('\n')}
`;
}

const examples = readExamples();
const wanted = new Map([
  ['README.md', presentIndex()],
  ...RULES.map(
    rule =>
      [
        `${rule.code}.md`,
        presentPage(rule, examples.get(rule.code) ?? []),
      ] as const,
  ),
]);
const present = existsSync(pages) ? readdirSync(pages) : [];
const stale = [
  ...present.filter(file => !wanted.has(file)),
  ...[...wanted]
    .filter(
      ([file, text]) =>
        !present.includes(file) ||
        readFileSync(join(pages, file), 'utf8') !== text,
    )
    .map(([file]) => file),
];
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    process.stderr.write(
      `Stale pages in docs/rules: ${stale.join(', ')}. Run: yarn rule-pages\n`,
    );
    process.exitCode = 1;
  }
} else {
  mkdirSync(pages, { recursive: true });
  for (const file of present) {
    if (!wanted.has(file)) rmSync(join(pages, file));
  }
  for (const [file, text] of wanted) writeFileSync(join(pages, file), text);
  process.stdout.write(`${wanted.size} pages, ${stale.length} changed\n`);
}
