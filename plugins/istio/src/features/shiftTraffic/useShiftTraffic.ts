import { useCallback, useMemo, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type { Intent } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../api';
import type { PreviewState } from '../changes/preview/previewState';
import { usePreview } from '../changes/preview/usePreview';
import { resolveApplyGate } from '../changes/resolveApplyGate';
import { useSubmission } from '../changes/useSubmission';
import { useConflict, type Refusal } from './useConflict';
import type { ShiftForm } from './useShiftForm';

/** Today's shares as the page knows them: another preview is due when they move. */
function revisionOf(form: ShiftForm): string {
  return JSON.stringify(form.rows.map(row => [row.key, row.today]));
}

function hashOf(state: PreviewState): string {
  return state.kind === 'ready' ? state.preview.plan.hash : '';
}

/** Preview, conflict and submission of what stands in the form. */
export function useShiftTraffic(entityRef: string, form: ShiftForm) {
  const api = useApi(istioApiRef);
  const { state, refetch } = usePreview<Intent>({
    subject: form.intent,
    revision: revisionOf(form),
    fetchPreview: (intent, signal) =>
      api.previewChange({ entityRef, intent }, { signal }),
  });
  const [refused, setRefused] = useState<Refusal>();
  const subject = useMemo(
    () => JSON.stringify([form.option?.route.id, form.clusters]),
    [form.option?.route.id, form.clusters],
  );
  const { conflict, acknowledge } = useConflict({ state, subject, refused });

  const { intent, why } = form;
  const planHash = hashOf(state);
  const send = useCallback(() => {
    if (!intent) throw new Error('nothing to submit');
    return api.submitChange({
      entityRef,
      intent,
      reason: why.reason.trim(),
      ...(why.ticket.trim() ? { ticket: why.ticket.trim() } : {}),
      planHash,
    });
  }, [api, entityRef, intent, why, planHash]);
  const { submission, submit, reset } = useSubmission(send);

  const apply = async () => {
    const computedAt = state.kind === 'ready' ? state.preview.computedAt : '';
    const result = await submit();
    if (result?.kind === 'refused' && result.problem.kind === 'conflict') {
      setRefused({ message: result.problem.message, computedAt });
      reset();
    }
    if (result?.kind === 'refused') await refetch();
  };
  const gate = resolveApplyGate({
    formProblem:
      form.problem ??
      (conflict &&
        'somebody else changed the route meanwhile, look at the new preview first'),
    reason: why.reason,
    ticket: why.ticket,
    preview: state,
  });
  const startAgain = () => {
    reset();
    void refetch();
  };
  return {
    state,
    conflict,
    acknowledge,
    submission,
    apply,
    gate,
    startAgain,
  };
}
