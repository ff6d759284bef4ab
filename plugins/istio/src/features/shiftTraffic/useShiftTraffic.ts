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

const CONFLICT_PROBLEM =
  'somebody else changed the route meanwhile, look at the new preview first';

/** Today's shares as the page knows them: another preview is due when they move. */
function revisionOf(form: ShiftForm): string {
  return JSON.stringify(
    form.option?.routes.map(({ clusters, destinations }) => [
      clusters,
      destinations.map(({ key, configured }) => [key, configured]),
    ]),
  );
}

function useSubmit(entityRef: string, form: ShiftForm, state: PreviewState) {
  const api = useApi(istioApiRef);
  const { intent, why } = form;
  const planHash = state.kind === 'ready' ? state.preview.plan.hash : '';
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
  return useSubmission(send);
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
  const routeId = form.option?.id;
  const subject = useMemo(
    () => JSON.stringify([routeId, form.clusters]),
    [routeId, form.clusters],
  );
  const { conflict, acknowledge } = useConflict({ state, subject, refused });
  const { submission, submit, reset } = useSubmit(entityRef, form, state);

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
    ...form.why,
    formProblem: form.problem ?? (conflict && CONFLICT_PROBLEM),
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
