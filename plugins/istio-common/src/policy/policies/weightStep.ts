import { findShifts, versionsOf } from '../../changes/findShifts';
import type { AffectedCaller, GuardrailVerdict } from '../../changes/types';
import { strictestLimit } from '../strictestLimit';
import type { Policy, PolicyInput } from '../types';
import { reachOfRules, type RuleReach } from './reachOfRules';
import { resolveLargestStep } from './resolveLargestStep';

/** A large step that reaches callers of other teams is theirs to approve, each team for itself. */
export const weightStep: Policy = {
  id: 'weight-step',
  description:
    "Large steps that reach other teams' callers need their approval",
  version: 3,
  evaluate(input) {
    const { plan, assessment } = input;
    const { versions, callers, observedSeconds } = assessment;
    const reach = reachOfRules(input);
    const points = round(
      Math.max(
        resolveLargestStep(plan),
        ...firstSteps(input),
        ...versions.map(each => Math.abs(each.after - each.before)),
      ) * 100,
    );
    const limit = strictestLimit(input, 'stepPoints');
    if (points < limit && reach) {
      return [judgeReach(reach, observedSeconds)];
    }
    if (points < limit) {
      return [
        {
          policy: 'weight-step',
          verdict: 'pass',
          text:
            points === 0
              ? 'No share of the traffic moves to another version'
              : `Step of ${points} ${
                  points === 1 ? 'point' : 'points'
                }: below the ${limit} that other teams should know of`,
        },
      ];
    }
    if (observedSeconds === 0) {
      return [
        {
          policy: this.id,
          verdict: 'unknown',
          text: `Step of ${points} points, and no telemetry says whose callers it reaches. From ${limit} points on other teams should know of it`,
        },
      ];
    }
    const others = callers.filter(({ yours }) => yours !== true);
    return [
      others.length === 0
        ? {
            policy: this.id,
            verdict: 'pass',
            text: `Step of ${points} points reaches only callers of your own teams`,
          }
        : {
            policy: this.id,
            verdict: 'needsApproval',
            text: `Step of ${points} points reaches ${listCallers(
              others,
            )}. From ${limit} points on their approval is due`,
            approvers: approversOf(others),
          },
    ];
  },
};

/** Rules of their own take all requests that fit at once. */
function judgeReach(
  { callers, isPartlyUnknown }: RuleReach,
  observedSeconds: number,
): GuardrailVerdict {
  const policy = 'weight-step';
  const others = callers.filter(({ yours }) => yours !== true);
  if (others.length > 0) {
    return {
      policy,
      verdict: 'needsApproval',
      text: `A rule of its own reaches ${listCallers(
        others,
      )}, with all requests that fit it. Their approval is due`,
      approvers: approversOf(others),
    };
  }
  return observedSeconds === 0 || isPartlyUnknown
    ? {
        policy,
        verdict: 'unknown',
        text: 'All requests that carry what the new rules ask for change their version at once, and telemetry does not say whose those are',
      }
    : {
        policy,
        verdict: 'pass',
        text: 'Rules of their own reach only callers of your own teams',
      };
}

/**
 * Steps from the spreading over all pods to a first route, cluster by cluster: pods differ between
 * clusters, so a mean over them can be small where one of them changes much.
 */
function firstSteps(input: PolicyInput): number[] {
  return findShifts(input)
    .filter(({ routeBefore }) => routeBefore.object === undefined)
    .flatMap(shift => {
      const named = new Set(
        shift.routeAfter.destinations.map(({ key }) => key),
      );
      const before = new Set(
        shift.routeBefore.destinations.map(({ key }) => key),
      );
      return versionsOf(shift)
        .filter(({ key }) => named.has(key) && before.has(key))
        .map(version => Math.abs(version.after - version.before));
    });
}

/** One approval per owning team; callers that nobody owns are the portal's approvers' to speak for. */
function approversOf(callers: AffectedCaller[]): string[][] {
  const owners = [...new Set(callers.map(({ ownerRef }) => ownerRef ?? ''))];
  return owners.sort().map(owner => (owner ? [owner] : []));
}

/** "storefront (storefront-team) and 2 callers without known owner" */
function listCallers(callers: AffectedCaller[]): string {
  const owned = callers.flatMap(({ workload, ownerRef }) =>
    ownerRef ? [`${workload ?? 'a caller'} (${nameOf(ownerRef)})`] : [],
  );
  const unknown = callers.length - owned.length;
  const rest =
    unknown === 0
      ? []
      : [
          unknown === 1
            ? '1 caller without known owner'
            : `${unknown} callers without known owner`,
        ];
  const parts = [...owned.slice(0, 3), ...rest];
  if (owned.length > 3) {
    parts.push(`${owned.length - 3} more`);
  }
  return parts.length === 1
    ? parts[0]
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function nameOf(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}

function round(points: number): number {
  return Math.round(points * 10) / 10;
}
