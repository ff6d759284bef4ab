import { useId, useState } from 'react';
import { Button, Select, TextField } from '@backstage/ui';
import text from '../../../components/text.module.css';
import type { CallerChoice } from './proposeDraft';
import { targetProblem } from './requestQuery';
import type { HeaderDraft, RequestDraft } from './requestQuery';
import styles from './request.module.css';

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
].map(id => ({ id, label: id }));

/** Who asks for what. */
export function RequestForm(props: {
  initial: RequestDraft;
  callers: readonly CallerChoice[];
  clusters: readonly string[];
  onAsk: (draft: RequestDraft) => void;
}) {
  const { initial, callers, clusters, onAsk } = props;
  const [draft, setDraft] = useState(initial);
  const problemId = useId();
  const problem = targetProblem(draft.target);
  const change = (part: Partial<RequestDraft>) =>
    setDraft(old => ({ ...old, ...part }));
  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault();
        if (!problem) onAsk(draft);
      }}
    >
      <Choices {...{ draft, change, callers, clusters }} />
      <div className={styles.fields}>
        <TextField
          className={styles.wide}
          label="Host and port"
          size="small"
          value={draft.target}
          isInvalid={problem !== undefined}
          aria-describedby={problem ? problemId : undefined}
          onChange={target => change({ target })}
        />
        <TextField
          label="Path"
          size="small"
          value={draft.path}
          onChange={path => change({ path })}
        />
      </div>
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}.
        </p>
      )}
      <Headers
        headers={draft.headers}
        onChange={headers => change({ headers })}
      />
      <div>
        <Button type="submit" size="small" isDisabled={problem !== undefined}>
          Ask
        </Button>
      </div>
    </form>
  );
}

/** Who calls, where its configuration is looked up, and with which method. */
function Choices(props: {
  draft: RequestDraft;
  change: (part: Partial<RequestDraft>) => void;
  callers: readonly CallerChoice[];
  clusters: readonly string[];
}) {
  const { draft, change, callers, clusters } = props;
  return (
    <div className={styles.fields}>
      <Select
        className={styles.wide}
        label="From"
        size="small"
        options={callers.map(({ id, label }) => ({ id, label }))}
        value={draft.caller}
        onChange={key => key !== null && change({ caller: String(key) })}
      />
      {clusters.length > 1 && (
        <Select
          label="Cluster"
          size="small"
          options={clusters.map(id => ({ id, label: id }))}
          value={draft.cluster}
          onChange={key => key !== null && change({ cluster: String(key) })}
        />
      )}
      <Select
        label="Method"
        size="small"
        options={METHODS}
        value={draft.method}
        onChange={key => key !== null && change({ method: String(key) })}
      />
    </div>
  );
}

function Headers(props: {
  headers: readonly HeaderDraft[];
  onChange: (headers: readonly HeaderDraft[]) => void;
}) {
  const { headers, onChange } = props;
  const replace = (index: number, part: Partial<HeaderDraft>) =>
    onChange(
      headers.map((each, place) =>
        place === index ? { ...each, ...part } : each,
      ),
    );
  return (
    <>
      {headers.map((header, index) => (
        // A header that is being typed has no identity but its place.
        <div className={styles.fields} key={`header ${index + 1}`}>
          <TextField
            label={`Header ${index + 1}`}
            size="small"
            value={header.name}
            onChange={name => replace(index, { name })}
          />
          <TextField
            label={`Value ${index + 1}`}
            size="small"
            value={header.value}
            onChange={value => replace(index, { value })}
          />
          <button
            type="button"
            className={`${text.button} ${text.small} ${styles.remove}`}
            aria-label={`Remove header ${index + 1}`}
            onClick={() =>
              onChange(headers.filter((_, place) => place !== index))
            }
          >
            Remove
          </button>
        </div>
      ))}
      <p className={`${text.small} ${text.muted}`}>
        {headers.length === 0 && 'Headers: none. '}
        <button
          type="button"
          className={text.button}
          onClick={() => onChange([...headers, { name: '', value: '' }])}
        >
          Add a header
        </button>
      </p>
    </>
  );
}
