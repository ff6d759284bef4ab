import { load } from 'js-yaml';
import type { ZodIssue } from 'zod';
import { checkReferences } from './checkReferences';
import { Scenario, scenarioSchema } from './schema';

/** A scenario that cannot be used; every line of the message names a field and what is allowed. */
export class ScenarioError extends Error {
  constructor(readonly source: string, readonly problems: string[]) {
    super(
      `Scenario ${source}:\n${problems.map(line => `  ${line}`).join('\n')}`,
    );
    this.name = 'ScenarioError';
  }
}

function fieldOf(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text ? `${text}.${part}` : part;
  }, '');
}

function describe(issue: ZodIssue): string {
  const field = fieldOf(issue.path) || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return `${field}: unknown field ${issue.keys
      .map(key => `\`${key}\``)
      .join(', ')}`;
  }
  return `${field}: ${issue.message}`;
}

/**
 * Reads a scenario from YAML text.
 *
 * @throws ScenarioError naming each field that is wrong
 */
export function parseScenario(text: string, source: string): Scenario {
  let raw: unknown;
  try {
    raw = load(text);
  } catch (error) {
    throw new ScenarioError(source, [
      `not YAML: ${error instanceof Error ? error.message : error}`,
    ]);
  }
  return checkScenario(raw, source);
}

/** Checks a scenario that is already an object. @throws ScenarioError */
export function checkScenario(raw: unknown, source: string): Scenario {
  const parsed = scenarioSchema.safeParse(raw);
  if (!parsed.success) {
    throw new ScenarioError(source, parsed.error.issues.map(describe));
  }
  const problems = checkReferences(parsed.data);
  if (problems.length > 0) {
    throw new ScenarioError(
      source,
      problems.map(({ field, message }) => `${field}: ${message}`),
    );
  }
  return parsed.data;
}
