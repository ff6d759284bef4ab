import type { ReactNode } from 'react';
import type { ResilienceAnswer } from '@istio-backstage/plugin-istio-common';
import { ErrorNote, LinesSkeleton } from '../../components';
import { useComponentResilience } from '../../data';
import { ChangeDialog } from '../changes/dialog/ChangeDialog';

/** A dialog whose form begins with the resilience in force today: waits for it, or says why it is not there. */
export function TodayDialog(props: {
  entityRef: string;
  onClose: () => void;
  children: (answers: readonly ResilienceAnswer[]) => ReactNode;
}) {
  const { entityRef, onClose, children } = props;
  const { data, error, refetch } = useComponentResilience(entityRef, []);
  return (
    <ChangeDialog isOpen onClose={onClose}>
      {error && (
        <ErrorNote
          what="Today’s values"
          error={error}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && (
        <LinesSkeleton lines={12} label="Reading today’s values" />
      )}
      {data && children(data.items)}
    </ChangeDialog>
  );
}
