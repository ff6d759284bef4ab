import { Fragment } from 'react';
import { Button, Select } from '@backstage/ui';
import dialog from '../../changes/dialog/dialog.module.css';
import { presentGroup } from './buildAbTestIntent';
import { ConditionRow } from './ConditionRow';
import { EMPTY_CONDITION, type ConditionDraft } from './draft';
import type { AbTestForm } from './useAbTestForm';
import styles from './abTest.module.css';

/** All of these conditions, numbered through the group. */
function AlternativeFields(props: {
  form: AbTestForm;
  arm: number;
  alternative: number;
}) {
  const { form, arm, alternative } = props;
  const { who } = form.draft.arms[arm];
  const conditions = who[alternative];
  const before = who.slice(0, alternative).flat().length;
  const isOnly = who.flat().length === 1;
  const replace = (next: ConditionDraft[]) =>
    form.setArm(arm, {
      ...form.draft.arms[arm],
      who: who
        .map((each, at) => (at === alternative ? next : each))
        .filter(each => each.length > 0),
    });
  return (
    <>
      {conditions.map((condition, at) => (
        // Conditions have no identity beside their place.
        // eslint-disable-next-line react/no-array-index-key
        <Fragment key={at}>
          {at > 0 && <p className={styles.joint}>and</p>}
          <ConditionRow
            label={`${presentGroup(arm)}, condition ${before + at + 1}`}
            condition={condition}
            unsayable={form.unsayable}
            problem={form.problems[`arms.${arm}.who.${alternative}.${at}`]}
            onChange={next =>
              replace(conditions.map((each, one) => (one === at ? next : each)))
            }
            onRemove={
              isOnly
                ? undefined
                : () => replace(conditions.filter((_, one) => one !== at))
            }
          />
        </Fragment>
      ))}
      <div>
        <Button
          size="small"
          variant="tertiary"
          onPress={() => replace([...conditions, EMPTY_CONDITION])}
        >
          And
        </Button>
      </div>
    </>
  );
}

/** One group: who is in it, and which version it gets. */
export function ArmFields(props: { form: AbTestForm; index: number }) {
  const { form, index } = props;
  const arm = form.draft.arms[index];
  const name = presentGroup(index);
  return (
    <fieldset className={styles.arm} aria-label={name}>
      <div className={styles.armHead}>
        <strong>{name}</strong>
        <span className={styles.hint}>
          {index === 0 ? 'Requests with' : 'Other requests with'}
        </span>
        <Button
          size="small"
          variant="tertiary"
          aria-label={`Remove ${name}`}
          onPress={() => form.removeArm(index)}
        >
          Remove
        </Button>
      </div>
      {arm.who.map((_, alternative) => (
        // Alternatives have no identity beside their place.
        // eslint-disable-next-line react/no-array-index-key
        <Fragment key={alternative}>
          {alternative > 0 && <p className={styles.joint}>or</p>}
          <AlternativeFields form={form} arm={index} alternative={alternative} />
        </Fragment>
      ))}
      <div className={styles.armFoot}>
        <div className={styles.version}>
          <Select
            label="get version"
            size="small"
            options={form.versions.map(id => ({ id, label: id }))}
            value={arm.version}
            onChange={id =>
              id !== null && form.setArm(index, { ...arm, version: String(id) })
            }
          />
        </div>
        <Button
          size="small"
          variant="tertiary"
          onPress={() =>
            form.setArm(index, {
              ...arm,
              who: [...arm.who, [EMPTY_CONDITION]],
            })
          }
        >
          Or others
        </Button>
      </div>
      {form.problems[`arms.${index}.version`] && (
        <p className={dialog.fieldProblem}>
          {form.problems[`arms.${index}.version`]}
        </p>
      )}
    </fieldset>
  );
}
