import { useMemo } from 'react';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { useComponentMesh } from '../../data';
import { resolveObservedNow } from './resolveObservedNow';

/** What traffic shows at present of the versions that a change moved. */
export function useObservedNow(change: Change): ReadonlyMap<string, number> {
  const { data } = useComponentMesh(change.entityRef);
  return useMemo(
    () => resolveObservedNow(change, data?.split),
    [change, data?.split],
  );
}
