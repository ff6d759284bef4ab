import type { ReactNode } from 'react';
import type { ComponentSecurity } from '@istio-backstage/plugin-istio-common';
import { useComponentSecurity } from '../../data';
import { QueryDialog } from './QueryDialog';

/** Who calls rarely should be among those to choose from. */
const CALLERS_OF = '6h';

/** A dialog whose form begins with who calls today, who may, and what a strict port would refuse. */
export function SecurityDialog(props: {
  entityRef: string;
  onClose: () => void;
  children: (security: ComponentSecurity) => ReactNode;
}) {
  const { entityRef, onClose, children } = props;
  const query = useComponentSecurity(entityRef, {
    window: CALLERS_OF,
    over: '1d',
    clusters: [],
  });
  return (
    <QueryDialog what="Callers and policies" query={query} onClose={onClose}>
      {children}
    </QueryDialog>
  );
}
