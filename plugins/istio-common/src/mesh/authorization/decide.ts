import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { AskedPolicy, decidedByRules } from './askPolicies';
import { AuthorizationDecision } from './types';

/** A decision with what made it. */
export interface Decision {
  decision: AuthorizationDecision;
  decidedBy: DecidedBy[];
  reason: string;
  missing: string[];
}

/**
 * DENY, then ALLOW: a DENY rule that matches denies; without enforced ALLOW policies the rest is allowed,
 * with some one must match. A missing fact makes the answer unknown only where it could change it.
 *
 * Source: istio.io, authorization policy "Implicit enablement"; istio/istio
 * pilot/pkg/security/authz/builder.
 */
export function decide(
  snapshot: MeshSnapshot,
  asked: readonly AskedPolicy[],
): Decision {
  const enforced = asked.filter(({ dryRun }) => !dryRun);
  const deny = enforced.filter(({ action }) => action === 'DENY');
  const matching = deny.filter(({ verdict }) => verdict === true);
  if (matching.length > 0) {
    return {
      decision: 'deny',
      decidedBy: decidedByRules(snapshot, matching),
      reason: 'a DENY rule matches',
      missing: [],
    };
  }
  const rest = decideAllow(
    snapshot,
    enforced.filter(({ action }) => action === 'ALLOW'),
  );
  const open = deny.filter(({ verdict }) => typeof verdict !== 'boolean');
  if (open.length === 0 || rest.decision === 'deny') {
    return rest;
  }
  return {
    decision: 'unknown',
    decidedBy: [...decidedByRules(snapshot, open)],
    reason: 'a DENY rule may match',
    missing: [...new Set([...missingOf(open), ...rest.missing])],
  };
}

function decideAllow(
  snapshot: MeshSnapshot,
  allow: readonly AskedPolicy[],
): Decision {
  if (allow.length === 0) {
    return {
      decision: 'allow',
      decidedBy: [
        {
          by: 'istioDefault',
          note: 'no ALLOW policy selects the workload, so what is not denied is allowed',
        },
      ],
      reason: 'no policy denies it and none says who is allowed',
      missing: [],
    };
  }
  const matching = allow.filter(({ verdict }) => verdict === true);
  if (matching.length > 0) {
    return {
      decision: 'allow',
      decidedBy: decidedByRules(snapshot, matching),
      reason: 'an ALLOW rule matches',
      missing: [],
    };
  }
  const open = allow.filter(({ verdict }) => typeof verdict !== 'boolean');
  if (open.length > 0) {
    return {
      decision: 'unknown',
      decidedBy: decidedByRules(snapshot, open),
      reason: 'an ALLOW rule may match, and no other does',
      missing: missingOf(open),
    };
  }
  return {
    decision: 'deny',
    decidedBy: decidedByRules(snapshot, allow),
    reason: 'ALLOW policies select the workload, and no rule of theirs matches',
    missing: [],
  };
}

function missingOf(asked: readonly AskedPolicy[]): string[] {
  return [
    ...new Set(
      asked.flatMap(({ verdict }) =>
        typeof verdict === 'boolean' ? [] : verdict.missing,
      ),
    ),
  ];
}
