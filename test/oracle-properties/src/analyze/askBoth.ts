import type { AnalyzeAnswer } from '@istio-backstage/lab';
import {
  analyze,
  KubeObject,
  MeshFinding,
} from '@istio-backstage/plugin-istio-common';
import { alongside, type Oracle } from '../world/Oracle';
import { World, worldForCore, worldForOracle } from '../world/World';
import { Difference, DIFFERENCES } from './differences';
import { Meaning, meaningOf, meaningsOf, nameOf, ruleOf } from './meanings';

/** The objects of which something is said. */
export interface Said {
  meaning: Meaning;
  objects: readonly string[];
}

/** Counts how often each known difference was met. */
export type Met = Map<Difference, number>;

/** Which objects both name for every meaning, known differences left out on both sides. */
export async function askBoth(options: {
  oracle: Oracle;
  world: World;
  meanings: readonly Meaning[];
  met: Met;
}): Promise<{ oracle: Said; core: Said }[]> {
  const { oracle, world, meanings, met } = options;
  const asked = oracle.ask<AnalyzeAnswer>({
    op: 'analyze',
    ...worldForOracle(world),
    runtimeResources: true,
    noDefaultGateway: true,
  });
  const [answer, { findings }] = await alongside(asked, () =>
    analyze({ snapshot: worldForCore(world) }),
  );
  if (answer.parseErrors || answer.skippedAnalyzers.length > 0) {
    throw new Error(answer.parseErrors ?? answer.skippedAnalyzers.join());
  }
  const theirs = sayingsOf(answer);
  return meanings.map(meaning => {
    const said = theirs.get(meaning) ?? new Set<string>();
    const own = claimedBy(findings, meaning, theirs);
    const explain = explainer({ meaning, world, findings, met });
    return {
      oracle: {
        meaning,
        objects: [...said]
          .filter(name => own.has(name) || !explain('istioctl', name))
          .sort(),
      },
      core: {
        meaning,
        objects: [...own]
          .filter(
            ([name, rules]) =>
              said.has(name) ||
              !rules.every(rule => explain('ours', name, rule)),
          )
          .map(([name]) => name)
          .sort(),
      },
    };
  });
}

function sayingsOf({ messages }: AnalyzeAnswer): Map<Meaning, Set<string>> {
  const sayings = new Map<Meaning, Set<string>>();
  for (const message of messages) {
    const meaning = meaningOf(message);
    const objects = sayings.get(meaning) ?? new Set();
    sayings.set(meaning, objects);
    objects.add(message.object ? nameOf(message.object) : 'the mesh');
  }
  return sayings;
}

/**
 * The objects that rules with this meaning found something of, with those rules. A rule of several meanings
 * claims this one only where istioctl says none of the others.
 */
function claimedBy(
  findings: readonly MeshFinding[],
  meaning: Meaning,
  theirs: ReadonlyMap<Meaning, ReadonlySet<string>>,
): Map<string, string[]> {
  const claimed = new Map<string, string[]>();
  for (const finding of findings) {
    const rule = ruleOf(finding);
    const meanings = meaningsOf(rule);
    const name = nameOf(finding.object);
    const elsewhere = meanings.some(
      other => other !== meaning && theirs.get(other)?.has(name),
    );
    if (
      meanings.includes(meaning) &&
      (theirs.get(meaning)?.has(name) || !elsewhere)
    ) {
      claimed.set(name, [...(claimed.get(name) ?? []), rule.name]);
    }
  }
  return claimed;
}

function explainer(options: {
  meaning: Meaning;
  world: World;
  findings: readonly MeshFinding[];
  met: Met;
}) {
  const { meaning, world, findings, met } = options;
  return (only: Difference['only'], name: string, rule?: string): boolean => {
    const object = world.objects.find(
      ({ kind, metadata }: KubeObject) =>
        nameOf({ kind, ...metadata }) === name,
    );
    const known = DIFFERENCES.find(
      difference =>
        difference.meaning === meaning &&
        difference.only === only &&
        (difference.rule ?? rule) === rule &&
        object !== undefined &&
        difference.applies(
          object,
          world,
          findings.filter(finding => nameOf(finding.object) === name),
        ),
    );
    if (known) met.set(known, (met.get(known) ?? 0) + 1);
    return known !== undefined;
  };
}
