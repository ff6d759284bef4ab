import { analyzeObjects } from '../analysis/analyzeObjects';
import type { MeshFinding } from '../analysis/types';
import type { MeshSnapshot } from '../snapshot/types';
import type { TrafficObservation } from '../telemetry/types';
import { findObject } from './planOperation';
import { simulatePlan } from './simulatePlan';
import type { ChangePreview, Finding, Plan } from './types';

/**
 * Findings of the analysis about the objects of a plan that it adds or clears: what the rules say of each
 * as it is and as it would be. Clusters that say the same share one.
 */
export function findPlanFindings(options: {
  plan: Plan;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
}): ChangePreview['findings'] {
  const { plan, snapshots, observations } = options;
  const judged = snapshots.map(snapshot => {
    const traffic = observations.find(
      ({ cluster, error }) => cluster === snapshot.cluster && !error,
    );
    const judge = (world: MeshSnapshot) =>
      analyzeObjects({
        snapshot: world,
        ...(traffic && { traffic }),
        objects: plan.operations
          .filter(({ object }) => object.cluster === snapshot.cluster)
          .flatMap(({ object }) => findObject(world, object) ?? []),
      });
    return {
      snapshot,
      before: judge(snapshot),
      after: judge(simulatePlan(snapshot, plan)),
    };
  });
  return {
    added: judged
      .flatMap(({ snapshot, before, after }) =>
        present(snapshot, without(after, before)),
      )
      .filter(isFirst),
    cleared: judged
      .flatMap(({ snapshot, before, after }) =>
        present(snapshot, without(before, after)),
      )
      .filter(isFirst),
  };
}

function without(these: MeshFinding[], others: MeshFinding[]): MeshFinding[] {
  const keyOf = ({ code, object, message }: MeshFinding) =>
    JSON.stringify([code, object, message]);
  const known = new Set(others.map(keyOf));
  return these.filter(finding => !known.has(keyOf(finding)));
}

function present(
  { cluster }: MeshSnapshot,
  findings: MeshFinding[],
): Finding[] {
  return findings.map(({ code, severity, message, object, path }) => ({
    code,
    severity,
    text: message,
    object: { cluster, ...object },
    ...(path !== '' && { fieldPath: path }),
  }));
}

function isFirst(finding: Finding, at: number, all: Finding[]): boolean {
  const keyOf = ({ code, text, object }: Finding) =>
    [code, text, object?.kind, object?.namespace, object?.name].join('\n');
  return all.findIndex(other => keyOf(other) === keyOf(finding)) === at;
}
