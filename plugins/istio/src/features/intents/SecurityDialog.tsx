import type { ReactNode } from 'react';
import type { ComponentSecurity } from '@istio-backstage/plugin-istio-common';
import { useComponentSecurity } from '../../data';
import { QueryDialog } from './QueryDialog';

/** A dialog whose form begins with who calls today, who may, and what a strict port would refuse. */
export function SecurityDialog(props: {
  title: string;
  entityRef: string;
  /** Of the callers: `5m`, `1h`. */
  window: string;
  onClose: () => void;
  children: (security: ComponentSecurity) => ReactNode;
}) {
  const { title, entityRef, window, onClose, children } = props;
  const query = useComponentSecurity(entityRef, {
    window,
    over: '1d',
    clusters: [],
  });
  return (
    <QueryDialog
      title={title}
      what="Callers and policies"
      query={query}
      onClose={onClose}
    >
      {children}
    </QueryDialog>
  );
}
