import type { ReactNode } from 'react';
import { ErrorNote, LinesSkeleton } from '../../components';
import { ChangeDialog } from '../changes/dialog/ChangeDialog';

/** A dialog whose form begins with what holds today: waits for it, or says why it is not there. */
export function QueryDialog<TData>(props: {
  /** "Today’s values" */
  what: string;
  query: { data?: TData; error: Error | null; refetch: () => unknown };
  onClose: () => void;
  children: (data: TData) => ReactNode;
}) {
  const { what, query, onClose, children } = props;
  const { data, error, refetch } = query;
  return (
    <ChangeDialog isOpen onClose={onClose}>
      {error && (
        <ErrorNote what={what} error={error} onRetry={() => refetch()} />
      )}
      {data === undefined && !error && (
        <LinesSkeleton lines={12} label={`Reading ${lowerFirst(what)}`} />
      )}
      {data !== undefined && children(data)}
    </ChangeDialog>
  );
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
