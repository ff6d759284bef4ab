import { useCallback, useMemo, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import {
  readJustification,
  type Justification,
} from '../dialog/JustificationFields';
import { usePreview } from '../preview/usePreview';
import { resolveApplyGate } from '../resolveApplyGate';
import { useSubmission } from '../useSubmission';

/** Preview, reason and submission of the way back from a change. */
export function useRevert(change: Change) {
  const api = useApi(istioApiRef);
  const [why, setWhy] = useState<Justification>({
    reason: '',
    ticket: change.ticket ?? '',
  });
  const subject = useMemo(() => ({ revertOf: change.id }), [change.id]);
  const { state, refetch } = usePreview({
    subject,
    fetchPreview: ({ revertOf }, signal) =>
      api.previewRevert(revertOf, { signal }),
  });
  const planHash = state.kind === 'ready' ? state.preview.plan.hash : '';
  const send = useCallback(
    () =>
      api.revertChange(change.id, {
        ...readJustification(why),
        planHash,
      }),
    [api, change.id, why, planHash],
  );
  const { submission, submit, reset } = useSubmission(send);
  const apply = async () => {
    const settled = await submit();
    // A plan that is no longer the one on the screen gives way to what is true now.
    if (settled?.kind === 'refused') await refetch();
  };
  const startAgain = () => {
    reset();
    void refetch();
  };
  return {
    why,
    setWhy,
    state,
    submission,
    apply,
    startAgain,
    retryPreview: () => void refetch(),
    gate: resolveApplyGate({ ...why, preview: state }),
  };
}
