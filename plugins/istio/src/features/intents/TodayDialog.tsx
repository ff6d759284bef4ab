import type { ReactNode } from 'react';
import type { ResilienceAnswer } from '@istio-backstage/plugin-istio-common';
import { useComponentResilience } from '../../data';
import { QueryDialog } from './QueryDialog';

/** A dialog whose form begins with the resilience in force today. */
export function TodayDialog(props: {
  title: string;
  entityRef: string;
  onClose: () => void;
  children: (answers: readonly ResilienceAnswer[]) => ReactNode;
}) {
  const { title, entityRef, onClose, children } = props;
  const query = useComponentResilience(entityRef, []);
  return (
    <QueryDialog
      title={title}
      what="Today’s values"
      query={query}
      onClose={onClose}
    >
      {({ items }) => children(items)}
    </QueryDialog>
  );
}
