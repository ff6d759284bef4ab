import type { Change } from '@istio-backstage/plugin-istio-common';
import { ChangeDialog } from '../dialog/ChangeDialog';
import { RevertContent } from './RevertContent';

/** Takes a change back: shows what that would do, asks why, sends it, and follows it. */
export function RevertDialog(props: {
  change: Change;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { change, isOpen, onClose } = props;
  return (
    <ChangeDialog isOpen={isOpen} onClose={onClose}>
      <RevertContent change={change} onClose={onClose} />
    </ChangeDialog>
  );
}
