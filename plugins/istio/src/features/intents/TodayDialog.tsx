import type { ReactNode } from 'react';
import type { ResilienceAnswer } from '@istio-backstage/plugin-istio-common';
import { useComponentResilience } from '../../data';
import { QueryDialog } from './QueryDialog';

/** A dialog whose form begins with the resilience in force today. */
export function TodayDialog(props: {
  entityRef: string;
  onClose: () => void;
  children: (answers: readonly ResilienceAnswer[]) => ReactNode;
}) {
  const { entityRef, onClose, children } = props;
  const query = useComponentResilience(entityRef, []);
  return (
    <QueryDialog what="Today’s values" query={query} onClose={onClose}>
      {({ items }) => children(items)}
    </QueryDialog>
  );
}
