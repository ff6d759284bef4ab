import { Checkbox } from '@backstage/ui';
import { EntityLink } from '../../../components';
import text from '../../../components/text.module.css';
import dialog from '../../changes/dialog/dialog.module.css';
import type { PickableCaller } from './observed';
import type { CallersForm } from './useCallersForm';
import styles from './whoMayCall.module.css';

/** Who was seen calling, with rate and owner: to be picked, as far as it proved who it is. */
export function SeenCallers(props: { form: CallersForm }) {
  const { form } = props;
  const { pickable, callers, setCallers } = form;
  return (
    <div>
      <h3 className={dialog.groupTitle}>Seen calling in the last hour</h3>
      {pickable.length === 0 && (
        <p className={dialog.fieldNote}>
          Nobody was seen. That is no proof that nobody calls.
        </p>
      )}
      <ul className={styles.seen} aria-label="Seen calling">
        {pickable.map(each => {
          const principal = each.caller?.principal;
          const listed = callers.some(
            caller => principal !== undefined && caller.principal === principal,
          );
          return (
            <SeenCaller
              key={each.key}
              seen={each}
              listed={listed}
              onPick={isPicked =>
                setCallers(
                  isPicked && each.caller
                    ? [...callers, each.caller]
                    : callers.filter(caller => caller.principal !== principal),
                )
              }
            />
          );
        })}
      </ul>
    </div>
  );
}

function SeenCaller(props: {
  seen: PickableCaller;
  listed: boolean;
  onPick: (isPicked: boolean) => void;
}) {
  const { seen, listed, onPick } = props;
  return (
    <li>
      <div>
        <Checkbox
          isSelected={listed}
          isDisabled={!seen.caller}
          onChange={onPick}
        >
          {seen.label}
        </Checkbox>
        {!seen.caller && (
          <span className={text.second}>
            It sends no identity, so no rule can name it.
          </span>
        )}
      </div>
      <div className={styles.rate}>
        {seen.note}
        {seen.ownerRef && (
          <span className={text.second}>
            <EntityLink entityRef={seen.ownerRef} />
          </span>
        )}
      </div>
    </li>
  );
}
