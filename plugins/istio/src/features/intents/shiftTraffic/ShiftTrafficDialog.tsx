import type {
  ServiceMatch,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { ChangeDialog } from '../../changes/dialog/ChangeDialog';
import { ShiftTrafficContent } from './ShiftTrafficContent';

/** What the shift-traffic dialog is about. */
export interface ShiftTrafficDialogProps {
  entityRef: string;
  split: TrafficSplit;
  /** Services of the component, for namespace, name and port. */
  services?: ServiceMatch[];
  /** Clusters that do not answer: shown, but not to be chosen. */
  silentClusters?: string[];
  /** `TrafficRoute.id` to open with; absent: the one the split card shows. */
  routeId?: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Moves shares of a component's requests between its versions, and follows the change. */
export function ShiftTrafficDialog(props: ShiftTrafficDialogProps) {
  const { isOpen, onClose, ...about } = props;
  return (
    <ChangeDialog
      isOpen={isOpen}
      onClose={onClose}
      isSmall={!about.split.routes.some(route => route.shiftable.possible)}
    >
      <ShiftTrafficContent {...about} onClose={onClose} />
    </ChangeDialog>
  );
}
