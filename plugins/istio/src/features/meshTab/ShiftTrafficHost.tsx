import { Suspense, lazy, useCallback, useMemo, useState } from 'react';
import type { ComponentMesh } from '@istio-backstage/plugin-istio-common';

const ShiftTrafficDialog = lazy(() =>
  import('../shiftTraffic/ShiftTrafficDialog').then(module => ({
    default: module.ShiftTrafficDialog,
  })),
);

/** Whether the dialog is open, and for which route. */
export interface ShiftTrafficState {
  isOpen: boolean;
  routeId?: string;
  open(routeId?: string): void;
  close(): void;
}

/** State of the shift traffic dialog of one tab. */
export function useShiftTraffic(): ShiftTrafficState {
  const [opened, setOpened] = useState<{ routeId?: string }>();
  const open = useCallback((routeId?: string) => setOpened({ routeId }), []);
  const close = useCallback(() => setOpened(undefined), []);
  return useMemo(
    () => ({
      isOpen: opened !== undefined,
      routeId: opened?.routeId,
      open,
      close,
    }),
    [opened, open, close],
  );
}

/** Loads the dialog when it is first opened. */
export function ShiftTrafficHost(props: {
  entityRef: string;
  mesh: ComponentMesh;
  state: ShiftTrafficState;
}) {
  const { entityRef, mesh, state } = props;
  if (!state.isOpen || !mesh.split) return null;
  return (
    <Suspense fallback={null}>
      <ShiftTrafficDialog
        entityRef={entityRef}
        split={mesh.split}
        services={mesh.match.services}
        silentClusters={mesh.clusters
          .filter(cluster => cluster.state !== 'fresh')
          .map(({ name }) => name)}
        routeId={state.routeId}
        isOpen
        onClose={state.close}
      />
    </Suspense>
  );
}
