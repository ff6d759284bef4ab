import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { istioChangeCreatePermission } from '@istio-backstage/plugin-istio-common';
import { useEntityAccess } from '../../data';
import { useLabels } from '../../translation';
import styles from './meshTab.module.css';

/** Whether the user may change a component: not at all, only in words, or really. */
export interface ChangeAccess {
  /** The portal's policy allows it; false hides the actions. */
  offered: boolean;
  allowed: boolean;
  /** Why not, where the policy allows it and the clusters do not. */
  reason?: string;
}

/** Asks the portal's policy first, then the clusters' access rules. */
export function useChangeAccess(entityRef: string): ChangeAccess {
  const permission = usePermission({
    permission: istioChangeCreatePermission,
    resourceRef: entityRef,
  });
  const access = useEntityAccess(entityRef, permission.allowed);
  if (!permission.allowed) return { offered: false, allowed: false };
  if (access.data) {
    const { allowed, reason } = access.data.change;
    return {
      offered: true,
      allowed,
      reason: allowed
        ? undefined
        : reason ?? 'The clusters do not let you change this component.',
    };
  }
  return {
    offered: true,
    allowed: false,
    reason: access.error
      ? 'Whether the clusters let you change this could not be asked.'
      : undefined,
  };
}

/** What a person can do with the component. */
export function ActionsMenu(props: {
  access: ChangeAccess;
  onShiftTraffic: () => void;
}) {
  const { access, onShiftTraffic } = props;
  const t = useLabels();
  if (!access.offered) return null;
  if (!access.allowed) {
    return (
      <>
        {access.reason && (
          <span className={styles.reason}>{access.reason}</span>
        )}
        <Button variant="primary" size="small" isDisabled>
          {t('toolbar.actions')}
        </Button>
      </>
    );
  }
  return (
    <MenuTrigger>
      <Button variant="primary" size="small">
        {t('toolbar.actions')}
      </Button>
      <Menu>
        <MenuItem onAction={onShiftTraffic}>
          {t('toolbar.shiftTraffic')}
        </MenuItem>
      </Menu>
    </MenuTrigger>
  );
}
