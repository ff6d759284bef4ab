import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import {
  Button,
  Combobox,
  Select,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import type { ComponentSecurity } from '@istio-backstage/plugin-istio-common';
import text from '../../components/text.module.css';
import { EMPTY_QUESTION, findProblem } from './questionUrl';
import type { Question } from './questionUrl';
import styles from './security.module.css';

const ANY = 'any';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Who calls, and with which request; asked when sent. */
export function QuestionForm(props: {
  name: string;
  security: ComponentSecurity;
  question?: Question;
  onAsk: (question: Question) => void;
}) {
  const { name, security, question, onAsk } = props;
  const [draft, setDraft] = useState(question ?? EMPTY_QUESTION);
  const [problem, setProblem] = useState<string>();
  // The URL may change without this form, by the Back button or a link.
  useEffect(() => setDraft(question ?? EMPTY_QUESTION), [question]);
  const set = (field: keyof Question) => (value: string) =>
    setDraft(old => ({ ...old, [field]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = findProblem(draft);
    setProblem(found);
    if (!found) onAsk(draft);
  };
  return (
    <form
      className={styles.form}
      onSubmit={submit}
      aria-label={`Who can call ${name}`}
    >
      <CallerField
        security={security}
        value={draft.caller}
        onChange={set('caller')}
      />
      {(['port', 'method'] as const).map(field => (
        <Choice
          key={field}
          label={field === 'port' ? 'Port' : 'Method'}
          open={field === 'port' ? 'First' : 'Any'}
          values={field === 'port' ? portsOf(security) : METHODS}
          value={draft[field]}
          onChange={set(field)}
        />
      ))}
      <TextField
        label="Path"
        size="small"
        placeholder="/charges"
        value={draft.path}
        onChange={set('path')}
      />
      <Button type="submit" size="small">
        Ask
      </Button>
      <MoreFields draft={draft} set={set} />
      {problem && (
        <p role="alert" className={`${styles.more} ${text.small}`}>
          {problem}
        </p>
      )}
    </form>
  );
}

/** Whoever is known can be chosen, anybody else typed. */
function CallerField(props: {
  security: ComponentSecurity;
  value: string;
  onChange: (value: string) => void;
}) {
  const { security, value, onChange } = props;
  return (
    <div className={styles.wide}>
      <Combobox
        label="Caller"
        size="small"
        placeholder="namespace/name or address"
        allowsCustomValue
        options={callerOptions(security)}
        search={{ inputValue: value, onInputChange: onChange }}
      />
    </div>
  );
}

function MoreFields(props: {
  draft: Question;
  set: (field: keyof Question) => (value: string) => void;
}) {
  const { draft, set } = props;
  return (
    <details
      className={styles.more}
      open={draft.headers !== '' || draft.claims !== '' || undefined}
    >
      <summary>Headers and token</summary>
      <div className={styles.moreFields}>
        <TextAreaField
          label="Headers"
          secondaryLabel="name: value, one per line"
          value={draft.headers}
          onChange={set('headers')}
        />
        <TextAreaField
          label="Claims of a valid token"
          secondaryLabel="JSON"
          value={draft.claims}
          onChange={set('claims')}
        />
      </div>
    </details>
  );
}

function Choice(props: {
  label: string;
  /** What nothing chosen means. */
  open: string;
  values: readonly string[];
  value: string;
  onChange: (value: string) => void;
}) {
  const { label, open, values, value, onChange } = props;
  const all = value && !values.includes(value) ? [...values, value] : values;
  return (
    <div>
      <Select
        label={label}
        size="small"
        options={[
          { id: ANY, label: open },
          ...all.map(id => ({ id, label: id })),
        ]}
        value={value || ANY}
        onChange={id => onChange(id === ANY || id === null ? '' : String(id))}
      />
    </div>
  );
}

function portsOf({ mtls }: ComponentSecurity): string[] {
  return [...new Set((mtls?.ports ?? []).map(({ port }) => String(port)))];
}

/** Who was seen first, then everybody else that may be asked about. */
function callerOptions(security: ComponentSecurity) {
  const seen = (security.access?.callers ?? []).flatMap(
    ({ namespace, workload }) =>
      namespace && workload ? [`${namespace}/${workload}`] : [],
  );
  const names = [...seen, ...security.askable.map(({ name }) => name)];
  return [...new Set(names)].map(id => ({ id, label: id }));
}
