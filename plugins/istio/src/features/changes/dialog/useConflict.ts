import { useEffect, useMemo, useState } from 'react';
import type { ChangePreview } from '@istio-backstage/plugin-istio-common';
import type { PreviewState } from '../preview/previewState';
import { compareConflict, type ConflictDifferences } from './compareConflict';

/** The server refused a plan because its base had moved. */
export interface Refusal {
  message: string;
  /** `computedAt` of the preview that was submitted. */
  computedAt: string;
}

export interface Conflict {
  /** The preview that is no longer true. */
  seen?: ChangePreview;
  /** Undefined while the preview of the new base is on its way. */
  differences?: ConflictDifferences;
  /** What the server said when it refused a plan of an older base. */
  message?: string;
  /** The preview of the new base, not yet looked at; absent while it is on its way. */
  next?: ChangePreview;
}

/**
 * Watches whether the objects move under the person. `seen` is the last preview of a base that the
 * person has looked at; one of another base needs a look before it can be applied, whether it was
 * noticed here or by the server (`refused`).
 */
export function useConflict(options: {
  state: PreviewState;
  /** Another subject (route, clusters) is another base, not a moved one. */
  subject: string;
  refused?: Refusal;
}) {
  const { state, subject, refused } = options;
  const [seen, setSeen] = useState<{
    subject: string;
    preview: ChangePreview;
  }>();
  const current = state.kind === 'ready' ? state.preview : undefined;
  useEffect(() => {
    if (current && seen?.subject !== subject) {
      setSeen({ subject, preview: current });
    }
  }, [current, seen?.subject, subject]);
  const [accepted, setAccepted] = useState<Refusal>();

  const conflict = useMemo<Conflict | undefined>(() => {
    const base = seen?.subject === subject ? seen.preview : undefined;
    const pending = refused && refused !== accepted ? refused : undefined;
    const fresh =
      current && current.computedAt !== pending?.computedAt
        ? current
        : undefined;
    const differences = base && fresh && compareConflict(base, fresh);
    if (!pending && !differences?.objects.length) return undefined;
    return { seen: base, differences, message: pending?.message, next: fresh };
  }, [seen, subject, current, refused, accepted]);

  const acknowledge = () => {
    if (conflict?.next) setSeen({ subject, preview: conflict.next });
    setAccepted(refused);
  };
  return { conflict, acknowledge };
}
