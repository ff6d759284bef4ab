import { hashJson } from './hashObject';
import type {
  ApprovalDecision,
  ApprovalRequirement,
  ChangeApproval,
  GuardrailVerdict,
} from './types';

/** A person as far as it matters for who may approve. */
export interface ApprovalPerson {
  entityRef: string;
  /** Entity refs the person owns things through: groups, and the person's own. */
  ownershipRefs: string[];
  /** Names the person acts under in clusters; two portal identities with one such name are one person. */
  clusterUsers: string[];
}

/** Whether a person may decide, for which requirements it counts, or in words why not. */
export type ApproverVerdict =
  | { may: true; countsFor: number[] }
  | { may: false; why: string };

/** The approvals that guardrails ask for: one requirement per list of approvers, each once. */
export function collectRequirements(
  guardrails: readonly GuardrailVerdict[],
): ApprovalRequirement[] {
  const requirements = guardrails
    .filter(({ verdict }) => verdict === 'needsApproval')
    .flatMap(({ policy, text, approvers }) =>
      (approvers?.length ? approvers : [[]]).map(by => ({
        policy,
        text,
        by: [...by].sort(),
      })),
    );
  const seen = new Set<string>();
  return requirements.filter(({ policy, by }) => {
    const key = JSON.stringify([policy, by]);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Verdicts on the way back to what was in force before: it needs the permission, but no approval. */
export function waiveApprovals(
  guardrails: readonly GuardrailVerdict[],
): GuardrailVerdict[] {
  return guardrails.map(({ approvers, ...verdict }) =>
    verdict.verdict === 'needsApproval'
      ? {
          ...verdict,
          verdict: 'warn',
          text: `${verdict.text}; taking a change back needs none`,
        }
      : verdict,
  );
}

/** Guardrails that an emergency may go past; all others hold in it too. */
const PASSED_OVER = ['freeze-window'];

/** Verdicts in an emergency: no approval is waited for and no freeze holds; a review is due instead. */
export function passOver(
  guardrails: readonly GuardrailVerdict[],
): GuardrailVerdict[] {
  return guardrails.map(({ approvers, ...verdict }) =>
    verdict.verdict === 'needsApproval' ||
    (verdict.verdict === 'deny' && PASSED_OVER.includes(verdict.policy))
      ? {
          ...verdict,
          verdict: 'warn',
          text: `${verdict.text}; passed over in an emergency`,
        }
      : verdict,
  );
}

/**
 * What an approval is given for. Anything else (another plan or base, another person, other times,
 * other guardrails, another change with the same plan) has another hash.
 */
export function hashApproval(subject: {
  changeId: string;
  entityRef: string;
  requester: string;
  /** Holds bases and bytes. */
  planHash: string;
  policyVersion: string;
  applyAt?: number;
  expiresAt?: number;
}): string {
  return hashJson(subject);
}

/** Positions of the requirements that nobody has approved yet. */
export function openRequirements(
  approval: Pick<ChangeApproval, 'requirements' | 'decisions'>,
): number[] {
  const given = new Set(
    approval.decisions
      .filter(({ decision }) => decision === 'approved')
      .flatMap(({ countsFor }) => countsFor),
  );
  return approval.requirements
    .map((_, index) => index)
    .filter(index => !given.has(index));
}

/**
 * Whether a person may approve or decline. Never the requester, also not under another portal
 * identity that acts in the clusters under the same name; never twice; and only who belongs to the
 * owners that a requirement names, or to the portal's approvers, who may stand in for anybody.
 */
export function judgeApprover(options: {
  approval: Pick<ChangeApproval, 'requirements' | 'decisions'>;
  requester: Pick<ApprovalPerson, 'entityRef' | 'clusterUsers'>;
  person: ApprovalPerson;
  /** Groups or people of the configuration; none: whoever holds the permission. */
  approvers: readonly string[];
}): ApproverVerdict {
  const { approval, requester, person, approvers } = options;
  if (person.entityRef === requester.entityRef) {
    return { may: false, why: 'You asked for it, so somebody else approves' };
  }
  const same = person.clusterUsers.find(user =>
    requester.clusterUsers.includes(user),
  );
  if (same !== undefined) {
    return {
      may: false,
      why: `You act in the clusters as ${same}, as does who asked for it; somebody else approves`,
    };
  }
  if (approval.decisions.some(({ by }) => by === person.entityRef)) {
    return { may: false, why: 'You have decided already' };
  }
  const refs = new Set([person.entityRef, ...person.ownershipRefs]);
  const standsIn = approvers.some(ref => refs.has(ref));
  const countsFor = openRequirements(approval).filter(index => {
    const { by } = approval.requirements[index];
    return (
      standsIn ||
      by.some(ref => refs.has(ref)) ||
      (by.length === 0 && approvers.length === 0)
    );
  });
  if (countsFor.length > 0) {
    return { may: true, countsFor };
  }
  return { may: false, why: `Approval is up to ${whose(options)}` };
}

/** The approval with one more decision. */
export function withDecision(
  approval: ChangeApproval,
  decision: ApprovalDecision,
): ChangeApproval {
  return { ...approval, decisions: [...approval.decisions, decision] };
}

function whose(options: {
  approval: Pick<ChangeApproval, 'requirements' | 'decisions'>;
  approvers: readonly string[];
}): string {
  const { approval, approvers } = options;
  const named = openRequirements(approval).flatMap(index => {
    const { by } = approval.requirements[index];
    return by.length > 0 ? by : approvers;
  });
  const names = [...new Set(named)].map(ref =>
    ref.slice(ref.lastIndexOf('/') + 1),
  );
  return names.length > 1
    ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
    : names[0] ?? 'others';
}
