import type { ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { ErrorNote, LinesSkeleton } from '../../components';
import {
  ChangeDialog,
  ChangeDialogLayout,
} from '../changes/dialog/ChangeDialog';

/** A dialog whose form begins with what holds today: waits for it, or says why it is not there. */
export function QueryDialog<TData>(props: {
  title: string;
  /** "Today’s values" */
  what: string;
  query: Pick<Waiting, 'error' | 'refetch'> & { data?: TData };
  onClose: () => void;
  children: (data: TData) => ReactNode;
}) {
  const { title, what, query, onClose, children } = props;
  const { data } = query;
  return (
    <ChangeDialog isOpen onClose={onClose}>
      {data === undefined ? (
        <DialogWaiting title={title} what={what} {...query} onClose={onClose} />
      ) : (
        children(data)
      )}
    </ChangeDialog>
  );
}

interface Waiting {
  title: string;
  what: string;
  error: Error | null;
  refetch: () => unknown;
  onClose: () => void;
}

/** The frame of a dialog while what its form begins with is read. */
export function DialogWaiting(props: Waiting) {
  const { title, what, error, refetch, onClose } = props;
  const label = `Reading ${what.slice(0, 1).toLowerCase()}${what.slice(1)}`;
  return (
    <ChangeDialogLayout
      title={title}
      left={
        error ? (
          <ErrorNote what={what} error={error} onRetry={() => refetch()} />
        ) : (
          <LinesSkeleton lines={12} label={label} />
        )
      }
      footer={
        <Button variant="secondary" onPress={onClose}>
          Cancel
        </Button>
      }
    />
  );
}
