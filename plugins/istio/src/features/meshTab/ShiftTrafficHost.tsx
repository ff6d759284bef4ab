import { Suspense, lazy, useCallback, useMemo, useState } from 'react';
import type {
  ClusterStatus,
  ServiceMatch,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';

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
  split: TrafficSplit;
  /** Services of the component: they tell the port and the name a route goes by. */
  services: ServiceMatch[];
  clusters: readonly ClusterStatus[];
  state: ShiftTrafficState;
}) {
  const { entityRef, split, services, clusters, state } = props;
  if (!state.isOpen) return null;
  return (
    <Suspense fallback={null}>
      <ShiftTrafficDialog
        entityRef={entityRef}
        split={split}
        services={services}
        silentClusters={clusters
          .filter(cluster => cluster.state !== 'fresh')
          .map(({ name }) => name)}
        routeId={state.routeId}
        isOpen
        onClose={state.close}
      />
    </Suspense>
  );
}
