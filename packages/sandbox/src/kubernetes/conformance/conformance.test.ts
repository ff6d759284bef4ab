import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isObject, jsonEqual } from '../json';
import {
  startTestCluster,
  type TestCluster,
} from '../testUtils/startTestCluster';
import { KNOWN_DIFFERENCES } from './knownDifferences';
import { runSteps } from './runSteps';
import { ALL_STEPS } from './steps/allSteps';
import type { RecordedAnswer } from './types';

/** Answers of kube-apiserver 1.36.1 to the same steps; scripts/recordConformance.ts writes them. */
const recorded: RecordedAnswer[] = readFileSync(
  resolve(__dirname, 'recorded.ndjson'),
  'utf8',
)
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line));

/** Field paths in which two answers differ. */
function differences(real: unknown, ours: unknown, path = ''): string[] {
  if (jsonEqual(real, ours)) {
    return [];
  }
  const comparable =
    (isObject(real) && isObject(ours)) ||
    (Array.isArray(real) && Array.isArray(ours));
  if (!comparable) {
    return [path];
  }
  const left = real as Record<string, unknown>;
  const right = ours as Record<string, unknown>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap(
    key => differences(left[key], right[key], path ? `${path}.${key}` : key),
  );
}

/** The webhook is not part of the recorded server. */
function withoutWebhookWarning(answer: RecordedAnswer): RecordedAnswer {
  const warning = answer.warning
    ?.replace(/(, )?299 - "the sandbox cannot judge[^"]*"/, '')
    .trim();
  const { warning: _warning, ...rest } = answer;
  return warning ? { ...rest, warning } : rest;
}

describe('the same answers as a real kube-apiserver', () => {
  let target: TestCluster;
  let ours: RecordedAnswer[];

  beforeAll(async () => {
    target = await startTestCluster();
    ours = (await runSteps(target.url, ALL_STEPS)).map(withoutWebhookWarning);
  }, 60_000);

  afterAll(() => target.close());

  it('was recorded for these steps', () => {
    const labels = ALL_STEPS.filter(step => !step.silent).map(
      step => step.label,
    );
    expect(recorded.map(answer => answer.label)).toEqual(labels);
  });

  it.each(recorded.map((answer, index) => ({ ...answer, index })))(
    '$index: $label',
    ({ index, ...real }) => {
      const known = KNOWN_DIFFERENCES[real.label]?.fields ?? [];
      const found = differences(real, ours[index]);
      // Both answers stand in the failure, so that it can be read.
      expect({ found, ours: known.length > 0 ? '' : ours[index] }).toEqual({
        found: known,
        ours: known.length > 0 ? '' : real,
      });
    },
  );
});
