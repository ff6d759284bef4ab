import { silentClusters } from '../silentClusters';
import type { IntentDialogProps } from '../types';
import { ShiftTrafficDialog } from './ShiftTrafficDialog';

/** The shift-traffic dialog for what the page knows of a component. */
export function ShiftTrafficIntent(props: IntentDialogProps) {
  const { entityRef, mesh, start, onClose } = props;
  if (!mesh.split) return null;
  return (
    <ShiftTrafficDialog
      entityRef={entityRef}
      split={mesh.split}
      services={mesh.match.services}
      silentClusters={silentClusters(mesh)}
      routeId={start.routeId}
      isOpen
      onClose={onClose}
    />
  );
}
