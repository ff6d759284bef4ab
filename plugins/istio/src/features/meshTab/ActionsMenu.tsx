import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { ChangeAccess } from '../../data';
import { INTENT_FORMS } from '../intents/list';
import type { OpenIntent } from '../intents/types';
import { useLabels } from '../../translation';
import styles from './meshTab.module.css';

/** What a person can do with the component. */
export function ActionsMenu(props: {
  access: ChangeAccess;
  onOpen: OpenIntent;
}) {
  const { access, onOpen } = props;
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
        {INTENT_FORMS.filter(({ startsElsewhere }) => !startsElsewhere).map(
          ({ type, title }) => (
            <MenuItem key={type} onAction={() => onOpen(type)}>
              {title}
            </MenuItem>
          ),
        )}
      </Menu>
    </MenuTrigger>
  );
}
