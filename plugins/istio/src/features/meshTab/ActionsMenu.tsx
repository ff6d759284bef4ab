import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { ChangeAccess } from '../../data';
import { useLabels } from '../../translation';
import styles from './meshTab.module.css';

/** What a person can do with the component. */
export function ActionsMenu(props: {
  access: ChangeAccess;
  onShiftTraffic: () => void;
}) {
  const { access, onShiftTraffic } = props;
  const t = useLabels();
  if (!access.offered) return null;
  if (access.refusal) {
    return (
      <>
        <span className={styles.reason}>{access.refusal}</span>
        <Button variant="primary" size="small" isDisabled>
          {t('toolbar.actions')}
        </Button>
      </>
    );
  }
  return (
    <MenuTrigger onOpenChange={access.ask}>
      <Button
        variant="primary"
        size="small"
        onHoverStart={access.ask}
        onFocus={access.ask}
      >
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
