import type { Oracle } from '../oracle';
import type { ComparisonMesh } from './ComparisonMesh';
import { EnvoySide } from './EnvoySide';
import { findDifference } from './matchVerdict';
import { buildOracleYaml } from './oracleWorld';
import { OracleSide } from './OracleSide';
import type { AskedQuestion, ComparisonCase, Question, Verdict } from './types';

/** How long Envoys may take to answer by a configuration that has arrived: old connections are used up. */
const SETTLE_MS = 8_000;

/** One question with what the three of them say. */
export interface Comparison {
  asked: AskedQuestion;
  oracle: Verdict | { error: string };
  envoy: Verdict | { error: string };
  /** Nothing: the same. */
  problems: string[];
}

/** Puts the case's configuration in force and asks both sides everything. */
export async function compareCase(
  mesh: ComparisonMesh,
  oracle: Pick<Oracle, 'ask'>,
  { config, questions }: ComparisonCase,
): Promise<Comparison[]> {
  const held = await mesh.configure(config);
  const { objects, meshConfig } = await mesh.readBase();
  const world = { yaml: buildOracleYaml([...objects, ...held]), meshConfig };
  const sides = {
    oracle: new OracleSide(oracle, mesh, world),
    envoy: new EnvoySide(mesh),
  };
  const comparisons: Comparison[] = [];
  for (const asked of questions) {
    comparisons.push(await compareQuestion(mesh, sides, asked));
  }
  return comparisons;
}

interface Sides {
  oracle: OracleSide;
  envoy: EnvoySide;
}

type Answer = Verdict | { error: string };

const orError = (answer: Promise<Verdict>): Promise<Answer> =>
  answer.catch(error => ({
    error: error instanceof Error ? error.message : String(error),
  }));

async function compareQuestion(
  mesh: ComparisonMesh,
  sides: Sides,
  asked: AskedQuestion,
): Promise<Comparison> {
  const question: Question = JSON.parse(
    mesh.fillInAddresses(JSON.stringify(asked.question)),
  );
  const oracle = await orError(sides.oracle.ask(question));
  const deadline = Date.now() + SETTLE_MS;
  let envoy = await orError(sides.envoy.ask(question));
  while (differ(asked.expect, envoy) && Date.now() < deadline) {
    envoy = await orError(sides.envoy.ask(question));
  }
  const problems = [
    ...tell("Envoy's answer is not the expected one", asked.expect, envoy),
    ...(asked.differs
      ? judgeExplained(asked.differs.oracle, { oracle, envoy })
      : tell(
          "The oracle's answer is not the expected one",
          asked.expect,
          oracle,
        )),
  ];
  return { asked, oracle, envoy, problems };
}

/** An explanation must still be needed. */
function judgeExplained(
  expected: Verdict,
  { oracle, envoy }: { oracle: Answer; envoy: Answer },
): string[] {
  return [
    ...tell('The oracle does not differ as the table says', expected, oracle),
    ...(differ(expected, envoy)
      ? []
      : ['The difference that the table explains is gone']),
  ];
}

function differ(expected: Verdict, answer: Answer): boolean {
  return tell('', expected, answer).length > 0;
}

function tell(what: string, expected: Verdict, answer: Answer): string[] {
  if ('error' in answer) return [`${what}: ${answer.error}`];
  const difference = findDifference(expected, answer);
  return difference ? [`${what}: ${difference}`] : [];
}
