import { useCallback, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioQueryKeys } from '../../data';
import { describeProblem, type Problem } from './describeProblem';

export type Submission =
  | { kind: 'idle' }
  | { kind: 'sending' }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'accepted'; change: Change };

/** Sends one change at a time and keeps what came of it. */
export function useSubmission(send: () => Promise<Change>) {
  const [submission, setSubmission] = useState<Submission>({ kind: 'idle' });
  const queryClient = useQueryClient();
  const sending = useRef(false);
  const submit = useCallback(async () => {
    // A second press before the first render must not send twice.
    if (sending.current) return undefined;
    sending.current = true;
    setSubmission({ kind: 'sending' });
    const settle = (settled: Submission) => {
      setSubmission(settled);
      return settled;
    };
    try {
      const change = await send();
      queryClient.setQueryData(istioQueryKeys.change(change.id), change);
      return settle({ kind: 'accepted', change });
    } catch (error) {
      return settle({ kind: 'refused', problem: describeProblem(error) });
    } finally {
      sending.current = false;
      void queryClient.invalidateQueries({ queryKey: ['istio'] });
    }
  }, [send, queryClient]);
  const reset = useCallback(() => setSubmission({ kind: 'idle' }), []);
  return { submission, submit, reset };
}
