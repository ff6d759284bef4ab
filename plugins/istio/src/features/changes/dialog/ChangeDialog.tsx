import type { ReactNode } from 'react';
import { Dialog, DialogHeader } from '@backstage/ui';
import { ObjectViewerHost } from '../../objectViewer/ObjectViewerHost';
import theme from '../../../components/theme.module.css';
import styles from './dialog.module.css';

/** The window of everything that changes the mesh. Its content is mounted while it is open. */
export function ChangeDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  /** For a message instead of a form. */
  isSmall?: boolean;
  children: ReactNode;
}) {
  const { isOpen, onClose, isSmall, children } = props;
  return (
    <Dialog
      isOpen={isOpen}
      // A press beside the dialog must not throw away what was typed; Escape and Close do.
      isDismissable={false}
      onOpenChange={open => {
        if (!open) onClose();
      }}
      width={isSmall ? 560 : 1240}
      height={isSmall ? undefined : 850}
    >
      <div className={`${theme.surface} ${styles.frame}`}>{children}</div>
      <ObjectViewerHost />
    </Dialog>
  );
}

/** Title with facts, form at the left, what it does at the right, one line of actions. */
export function ChangeDialogLayout(props: {
  title: string;
  /** Beside the title: what is changed, where. */
  facts?: ReactNode;
  left: ReactNode;
  /** Absent: one column. */
  right?: ReactNode;
  footer: ReactNode;
}) {
  const { title, facts, left, right, footer } = props;
  return (
    <>
      <div className={styles.head}>
        <DialogHeader className={styles.headParts}>{title}</DialogHeader>
        <div className={styles.facts}>{facts}</div>
      </div>
      <div className={`${styles.columns} ${right ? '' : styles.single}`}>
        <div className={styles.left}>{left}</div>
        {right && <div className={styles.right}>{right}</div>}
      </div>
      <div className={styles.foot}>{footer}</div>
    </>
  );
}
