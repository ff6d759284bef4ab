import { useCallback, useMemo, useState } from 'react';
import { usePermission } from '@backstage/plugin-permission-react';
import { istioChangeCreatePermission } from '@istio-backstage/plugin-istio-common';
import { useEntityAccess } from './useIstioQuery';

/** Whether the user may change a component: not at all, only in words, or really. */
export interface ChangeAccess {
  /** The portal's policy allows it; false hides the actions, undefined while it is asked. */
  offered: boolean | undefined;
  /** Why the clusters refuse. Absent also while they have not been asked: a preview asks them anyway. */
  refusal?: string;
  /**
   * Asks the clusters' access rules. For a sign that somebody is about to change something, a pointer or the
   * focus on the action: a page that is only read asks Kubernetes nothing.
   */
  ask: () => void;
}

/** The portal's policy at once, the clusters' access rules when they are asked for. */
export function useChangeAccess(entityRef: string): ChangeAccess {
  const permission = usePermission({
    permission: istioChangeCreatePermission,
    resourceRef: entityRef,
  });
  const [asked, setAsked] = useState<string>();
  const ask = useCallback(() => setAsked(entityRef), [entityRef]);
  const { allowed, loading } = permission;
  const { data } = useEntityAccess(entityRef, allowed && asked === entityRef);
  return useMemo(
    () => ({
      offered: loading ? undefined : allowed,
      refusal:
        data && !data.change.allowed
          ? data.change.reason ??
            'The clusters do not let you change this component.'
          : undefined,
      ask,
    }),
    [loading, allowed, data, ask],
  );
}
