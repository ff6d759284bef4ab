import {
  collectRequirements,
  type ChangePreview,
} from '@istio-backstage/plugin-istio-common';
import type { ChangeDraft } from './ChangeDrafter';
import type { PreflightResult } from './ChangePreflight';

/** The preview, with every reason in words why it may not be applied. */
export function presentPreview(options: {
  draft: ChangeDraft;
  checked: PreflightResult;
  /** Epoch milliseconds. */
  at: number;
}): ChangePreview {
  const { draft, checked, at } = options;
  const { assessment, plan, guardrails, keptAsIs, title } = draft;
  const reasons = [
    ...(plan.operations.length === 0
      ? ['It is so already, nothing would change']
      : []),
    ...(draft.proposal ? [] : draft.identityProblems),
    ...guardrails
      .filter(({ verdict }) => verdict === 'deny')
      .map(({ text }) => text),
    ...checked.refusals.map(({ text }) => text),
  ];
  const [actsAs] = Object.values(draft.actingUsers);
  return {
    ...assessment,
    title,
    plan,
    guardrails,
    keptAsIs,
    dryRun: checked.dryRun,
    actsAs,
    proposal: draft.proposal,
    apply: { allowed: reasons.length === 0, reasons: [...new Set(reasons)] },
    approvals: collectRequirements(guardrails),
    computedAt: new Date(at).toISOString(),
  };
}
