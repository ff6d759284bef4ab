import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type { Intent } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../api';
import {
  readJustification,
  type Justification,
} from '../changes/dialog/JustificationFields';
import { readTimes } from '../changes/dialog/changeTimes';
import { useConflict, type Refusal } from '../changes/dialog/useConflict';
import type { PreviewState } from '../changes/preview/previewState';
import { usePreview } from '../changes/preview/usePreview';
import { resolveApplyGate } from '../changes/resolveApplyGate';
import { useSubmission } from '../changes/useSubmission';

const CONFLICT_PROBLEM =
  'somebody else changed the objects meanwhile, look at the new preview first';

/** What an intent's form amounts to. */
export interface IntentDraft {
  /** Absent while the form makes none. */
  intent?: Intent;
  /** What is wrong with the form's own fields. */
  problem?: string;
  why: Justification;
  /** What is edited where: another one is another base, not a moved one. */
  subject: string;
  /** Today's values as the page knows them: another preview is due when they move. */
  revision?: string;
}

function useSubmit(entityRef: string, draft: IntentDraft, state: PreviewState) {
  const api = useApi(istioApiRef);
  const { intent, why } = draft;
  const planHash = state.kind === 'ready' ? state.preview.plan.hash : '';
  const send = useCallback(() => {
    if (!intent) throw new Error('nothing to submit');
    return api.submitChange({
      entityRef,
      intent,
      ...readJustification(why),
      planHash,
    });
  }, [api, entityRef, intent, why, planHash]);
  return useSubmission(send);
}

/** Preview, conflict and submission of what stands in an intent's form. */
export function useIntentChange(entityRef: string, draft: IntentDraft) {
  const api = useApi(istioApiRef);
  const { intent, revision, subject, why } = draft;
  const { applyAt } = readTimes(why);
  const { breakGlass } = why;
  const { state, refetch } = usePreview<Intent>({
    subject: intent,
    revision: JSON.stringify([revision, applyAt, breakGlass]),
    fetchPreview: (wanted, signal) =>
      api.previewChange(
        {
          entityRef,
          intent: wanted,
          ...(applyAt && { applyAt }),
          ...(breakGlass && { breakGlass }),
        },
        { signal },
      ),
  });
  const [refused, setRefused] = useState<Refusal>();
  const { conflict, acknowledge } = useConflict({ state, subject, refused });
  const { submission, submit, reset } = useSubmit(entityRef, draft, state);

  const apply = async () => {
    const computedAt = state.kind === 'ready' ? state.preview.computedAt : '';
    const settled = await submit();
    if (settled?.kind !== 'refused') return;
    if (settled.problem.kind === 'conflict') {
      setRefused({ message: settled.problem.message, computedAt });
      reset();
    }
    await refetch();
  };
  const startAgain = () => {
    reset();
    void refetch();
  };
  const gate = resolveApplyGate({
    ...draft.why,
    formProblem: draft.problem ?? (conflict && CONFLICT_PROBLEM),
    preview: state,
  });
  return {
    state,
    conflict,
    acknowledge,
    submission,
    apply,
    gate,
    startAgain,
    retryPreview: () => void refetch(),
  };
}

export type IntentChange = ReturnType<typeof useIntentChange>;
