import { Button, DialogTrigger, Popover } from '@backstage/ui';
import type { ObjectRef } from '@istio-backstage/plugin-istio-common';
import { CopyText } from './CopyText';
import { presentObjectCommand, presentObjectName } from './presentObject';
import styles from './ObjectLink.module.css';
import theme from './theme.module.css';

/**
 * Names one object of a cluster. Opened, it says what the object is and gives the command that
 * prints it: the portal has no page of single objects to link to.
 */
export function ObjectLink(props: {
  object: ObjectRef;
  /** Kind before the name, on by default. */
  showKind?: boolean;
}) {
  const { object, showKind = true } = props;
  const name = presentObjectName(object);
  return (
    <>
      {showKind ? `${object.kind} ` : null}
      <DialogTrigger>
        <Button
          variant="tertiary"
          className={styles.trigger}
          aria-label={`${object.kind} ${name}`}
        >
          {name}
        </Button>
        <Popover>
          <div className={`${theme.surface} ${styles.panel}`}>
            <p className={styles.title}>
              {object.kind} {name}
            </p>
            <p className={styles.facts}>
              {object.apiVersion}, cluster {object.cluster}
            </p>
            <CopyText text={presentObjectCommand(object)} label="Command" />
          </div>
        </Popover>
      </DialogTrigger>
    </>
  );
}
