import { Fragment } from 'react';
import { Button, Select } from '@backstage/ui';
import dialog from '../../changes/dialog/dialog.module.css';
import { presentGroup } from './buildAbTestIntent';
import { ConditionRow } from './ConditionRow';
import type { ConditionDraft } from './draft';
import type { AbTestForm } from './useAbTestForm';
import styles from './abTest.module.css';

interface ArmPlace {
  form: AbTestForm;
  index: number;
}

/** All of these conditions, numbered through the group. */
function AlternativeFields(props: ArmPlace & { alternative: number }) {
  const { form, index, alternative } = props;
  const { who } = form.draft.arms[index];
  const conditions = who[alternative];
  const before = who.slice(0, alternative).flat().length;
  const isOnly = who.flat().length === 1;
  const replace = (next: ConditionDraft[]) =>
    form.setArm(index, {
      ...form.draft.arms[index],
      who: who
        .map((each, at) => (at === alternative ? next : each))
        .filter(each => each.length > 0),
    });
  return (
    <>
      {conditions.map((condition, at) => (
        <Fragment key={condition.id}>
          {at > 0 && <p className={styles.joint}>and</p>}
          <ConditionRow
            label={`${presentGroup(index)}, condition ${before + at + 1}`}
            condition={condition}
            unsayable={form.unsayable}
            problem={form.problems[`arms.${index}.who.${alternative}.${at}`]}
            onChange={next =>
              replace(
                conditions.map(each => (each === condition ? next : each)),
              )
            }
            onRemove={
              isOnly
                ? undefined
                : () => replace(conditions.filter(each => each !== condition))
            }
          />
        </Fragment>
      ))}
      <div>
        <Button
          size="small"
          variant="tertiary"
          onPress={() => replace([...conditions, form.newCondition()])}
        >
          And
        </Button>
      </div>
    </>
  );
}

/** Which version the group gets, and another way to be in it. */
function ArmFoot({ form, index }: ArmPlace) {
  const arm = form.draft.arms[index];
  return (
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
            who: [...arm.who, [form.newCondition()]],
          })
        }
      >
        Or others
      </Button>
    </div>
  );
}

/** One group: who is in it, and which version it gets. */
export function ArmFields({ form, index }: ArmPlace) {
  const { who } = form.draft.arms[index];
  const name = presentGroup(index);
  const versionProblem = form.problems[`arms.${index}.version`];
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
      {who.map(([first], alternative) => (
        <Fragment key={first.id}>
          {alternative > 0 && <p className={styles.joint}>or</p>}
          <AlternativeFields
            form={form}
            index={index}
            alternative={alternative}
          />
        </Fragment>
      ))}
      <ArmFoot form={form} index={index} />
      {versionProblem && (
        <p className={dialog.fieldProblem}>{versionProblem}</p>
      )}
    </fieldset>
  );
}
