import { useState } from 'react';
import { Button, TextField } from '@backstage/ui';
import { shortPrincipal } from '@istio-backstage/plugin-istio-common';
import dialog from '../../changes/dialog/dialog.module.css';
import { readTypedCaller, type DraftCaller } from './draft';
import type { CallersForm } from './useCallersForm';
import styles from './whoMayCall.module.css';

const REQUESTS = [
  { field: 'methods', label: 'Methods', placeholder: 'any' },
  { field: 'paths', label: 'Paths', placeholder: 'any' },
  { field: 'ports', label: 'Ports', placeholder: 'any' },
] as const;

/** The callers of the policy, each with the requests it is for. */
export function CallerList(props: { form: CallersForm; allows: boolean }) {
  const { form, allows } = props;
  const { callers, setCallers } = form;
  const change = (at: number, next: DraftCaller) =>
    setCallers(callers.map((each, index) => (index === at ? next : each)));
  return (
    <div>
      <h3 className={dialog.groupTitle}>
        {allows ? 'Who gets in' : 'Who is kept out'}
      </h3>
      {callers.length === 0 && (
        <p className={dialog.fieldNote}>
          Nobody by name: the policy goes with its last caller.
        </p>
      )}
      <ul className={styles.callers} aria-label="Callers of the policy">
        {callers.map((caller, index) => (
          <CallerLine
            key={lineOf(callers, index)}
            caller={caller}
            onChange={next => change(index, next)}
            onRemove={() => setCallers(callers.filter(each => each !== caller))}
          />
        ))}
      </ul>
      <AddCaller
        trustDomain={form.trustDomain}
        onAdd={caller => setCallers([...callers, caller])}
      />
    </div>
  );
}

/** Tells lines apart while their requests are typed: who, and the how manieth line of the same. */
function lineOf(callers: readonly DraftCaller[], at: number): string {
  const name = nameOf(callers[at]);
  const earlier = callers.slice(0, at).filter(each => nameOf(each) === name);
  return `${name}#${earlier.length}`;
}

function nameOf({ principal, namespace }: DraftCaller): string {
  return principal === undefined
    ? `namespace ${namespace}`
    : shortPrincipal(principal);
}

function CallerLine(props: {
  caller: DraftCaller;
  onChange: (caller: DraftCaller) => void;
  onRemove: () => void;
}) {
  const { caller, onChange, onRemove } = props;
  const name = nameOf(caller);
  const limited = REQUESTS.some(({ field }) => caller[field] !== '');
  const [open, setOpen] = useState(limited);
  return (
    <li>
      <div className={styles.line}>
        <strong className={styles.name} title={caller.principal}>
          {name}
        </strong>
        <Button
          size="small"
          variant="tertiary"
          aria-label={`Requests of ${name}`}
          aria-expanded={open}
          onPress={() => setOpen(!open)}
        >
          {limited ? 'Some requests' : 'Any request'}
        </Button>
        <Button
          size="small"
          variant="secondary"
          aria-label={`Remove ${name}`}
          onPress={onRemove}
        >
          Remove
        </Button>
      </div>
      {open && (
        <div className={styles.requests} role="group" aria-label={name}>
          {REQUESTS.map(({ field, label, placeholder }) => (
            <TextField
              key={field}
              label={label}
              size="small"
              placeholder={placeholder}
              value={caller[field]}
              onChange={text => onChange({ ...caller, [field]: text })}
            />
          ))}
        </div>
      )}
    </li>
  );
}

function AddCaller(props: {
  trustDomain: string;
  onAdd: (caller: DraftCaller) => void;
}) {
  const { trustDomain, onAdd } = props;
  const [text, setText] = useState('');
  const caller = readTypedCaller(text, trustDomain);
  return (
    <div className={styles.add}>
      <TextField
        label="Another caller"
        size="small"
        placeholder="namespace/service-account or namespace"
        value={text}
        isInvalid={text !== '' && !caller}
        onChange={setText}
      />
      <Button
        size="small"
        variant="secondary"
        isDisabled={!caller}
        onPress={() => {
          if (caller) {
            onAdd(caller);
            setText('');
          }
        }}
      >
        Add
      </Button>
    </div>
  );
}
