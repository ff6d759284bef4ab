import { Checkbox, CheckboxGroup, Radio, RadioGroup } from '@backstage/ui';
import {
  RETRY_CONDITIONS,
  RETRY_CONDITION_WORDS,
  describeWorstCase,
  type RetryCondition,
} from '@istio-backstage/plugin-istio-common';
import { Note } from '../../../components';
import dialog from '../../changes/dialog/dialog.module.css';
import { ClusterChoice } from '../ClusterChoice';
import { RouteSelect } from '../RouteSelect';
import { ValueField } from '../ValueField';
import type { TimeoutsDraft } from './readToday';
import type { TimeoutsForm } from './useTimeoutsForm';

function RetryFields(props: { form: TimeoutsForm; draft: TimeoutsDraft }) {
  const { form, draft } = props;
  const { problems, set, route } = form;
  const onlyCodes = route?.object?.kind === 'HTTPRoute';
  return (
    <>
      <div className={dialog.pair}>
        <ValueField
          label="Retries"
          value={draft.attempts}
          problem={problems['retries.attempts']}
          onChange={attempts => set({ attempts })}
        />
        <ValueField
          label="Each try at most"
          placeholder="no limit of its own"
          value={draft.perTryTimeout}
          problem={problems['retries.perTryTimeout']}
          onChange={perTryTimeout => set({ perTryTimeout })}
        />
      </div>
      <ValueField
        label="Retry on these status codes"
        placeholder="for example 502, 503"
        value={draft.statusCodes}
        problem={problems['retries.statusCodes']}
        onChange={statusCodes => set({ statusCodes })}
      />
      {onlyCodes ? (
        <p className={dialog.fieldNote}>
          Other conditions are off: an HTTPRoute always tries again when a
          connection fails, and cannot say more than status codes.
        </p>
      ) : (
        <details>
          <summary className={dialog.groupTitle}>
            {draft.retryOn.length === 0
              ? 'Retry also on: failed connections, Istio’s own choice'
              : `Retry also on: ${draft.retryOn.join(', ')}`}
          </summary>
          <CheckboxGroup
            aria-label="Retry also on"
            value={draft.retryOn}
            onChange={retryOn => set({ retryOn: retryOn as RetryCondition[] })}
          >
            {RETRY_CONDITIONS.map(condition => (
              <Checkbox key={condition} value={condition}>
                {RETRY_CONDITION_WORDS[condition]}
              </Checkbox>
            ))}
          </CheckboxGroup>
        </details>
      )}
    </>
  );
}

/** How long callers wait and how often they try again. */
export function TimeoutsFields(props: { form: TimeoutsForm }) {
  const { form } = props;
  const { draft, today, set, built } = form;
  if (!draft) return null;
  return (
    <section className={dialog.fields} aria-label="Timeouts and retries">
      <RouteSelect
        options={form.routes}
        chosen={form.option?.id}
        onChange={form.selectRoute}
      />
      <ClusterChoice
        choice={form.option?.clusters ?? []}
        chosen={form.clusters}
        silent={form.silent}
        onChange={form.setClusters}
      />
      <ValueField
        label="Timeout"
        placeholder="none"
        value={draft.timeout}
        today={today?.timeoutText}
        problem={form.problems.timeout}
        onChange={timeout => set({ timeout })}
      />
      <div>
        <RadioGroup
          label="Retries"
          orientation="horizontal"
          value={draft.mode}
          onChange={mode => set({ mode: mode as TimeoutsDraft['mode'] })}
        >
          <Radio value="default">Istio’s own</Radio>
          <Radio value="off">None</Radio>
          <Radio value="on">Set here</Radio>
        </RadioGroup>
        {today?.retriesText && (
          <p className={dialog.fieldNote}>{today.retriesText}</p>
        )}
      </div>
      {draft.mode === 'on' && <RetryFields form={form} draft={draft} />}
      {built?.ok && (
        <Note tone="quiet">{describeWorstCase(built.intent.params)}</Note>
      )}
    </section>
  );
}
