import { Button, Select, TextField } from '@backstage/ui';
import type { AudienceKind } from '@istio-backstage/plugin-istio-common';
import dialog from '../../changes/dialog/dialog.module.css';
import {
  CONDITION_KINDS,
  emptyCondition,
  OP_WORDS,
  type ConditionDraft,
  type ConditionOp,
} from './draft';
import styles from './abTest.module.css';

function KindSelect(props: {
  by: AudienceKind;
  unsayable: Partial<Record<AudienceKind, string>>;
  onChange: (by: AudienceKind) => void;
}) {
  const { by, unsayable, onChange } = props;
  return (
    <div>
      <Select
        aria-label="What is looked at"
        size="small"
        options={(Object.keys(CONDITION_KINDS) as AudienceKind[]).map(id => ({
          id,
          label: CONDITION_KINDS[id].label,
          disabled: unsayable[id] !== undefined,
          ...(unsayable[id] && { description: `Not here: ${unsayable[id]}` }),
        }))}
        value={by}
        onChange={id => id !== null && onChange(id as AudienceKind)}
      />
    </div>
  );
}

function OpSelect(props: {
  ops: ConditionOp[];
  op: ConditionOp;
  onChange: (op: ConditionOp) => void;
}) {
  const { ops, op, onChange } = props;
  if (ops.length < 2)
    return <span className={styles.is}>{OP_WORDS.exact}</span>;
  return (
    <div>
      <Select
        aria-label="How it is compared"
        size="small"
        options={ops.map(id => ({ id, label: OP_WORDS[id] }))}
        value={op}
        onChange={id => id !== null && onChange(id as ConditionOp)}
      />
    </div>
  );
}

function TextPart(props: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { label, ...field } = props;
  return <TextField aria-label={label} size="small" {...field} />;
}

/** One thing asked of a request: what is looked at, and what it must be. */
export function ConditionRow(props: {
  label: string;
  condition: ConditionDraft;
  unsayable: Partial<Record<AudienceKind, string>>;
  problem?: string;
  onChange: (condition: ConditionDraft) => void;
  onRemove?: () => void;
}) {
  const { label, condition, unsayable, problem, onChange, onRemove } = props;
  const { id, by, name, op, value } = condition;
  const kind = CONDITION_KINDS[by];
  const set = (change: Partial<ConditionDraft>) =>
    onChange({ ...condition, ...change });
  return (
    <div role="group" aria-label={label} className={styles.condition}>
      <KindSelect
        by={by}
        unsayable={unsayable}
        onChange={next =>
          onChange({
            ...emptyCondition(id),
            by: next,
            op: CONDITION_KINDS[next].ops[0],
          })
        }
      />
      {kind.name ? (
        <TextPart
          label="Name"
          placeholder={kind.name}
          value={name}
          onChange={next => set({ name: next })}
        />
      ) : (
        <span />
      )}
      <OpSelect ops={kind.ops} op={op} onChange={next => set({ op: next })} />
      {op === 'present' ? (
        <span />
      ) : (
        <TextPart
          label="Value"
          placeholder={kind.value}
          value={value}
          onChange={next => set({ value: next })}
        />
      )}
      {problem && (
        <p className={`${dialog.fieldProblem} ${styles.wide}`}>{problem}</p>
      )}
      {onRemove && (
        <div className={styles.wide}>
          <Button size="small" variant="tertiary" onPress={onRemove}>
            Remove condition
          </Button>
        </div>
      )}
    </div>
  );
}
