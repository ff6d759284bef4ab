import { Select, Switch } from '@backstage/ui';
import dialog from '../../changes/dialog/dialog.module.css';
import { ClusterChoice } from '../ClusterChoice';
import { ServiceSelect } from '../ServiceFacts';
import { ValueField } from '../ValueField';
import { EJECTION_FIELDS, POOL_FIELDS, type BreakerField } from './readToday';
import type { BreakerForm } from './useBreakerForm';

const ALL = 'all';

function PlaceSelect(props: {
  label: string;
  all: string;
  values: string[];
  value?: string;
  onChange: (value: string | undefined) => void;
}) {
  const { label, all, values, value, onChange } = props;
  if (values.length === 0) return null;
  return (
    // BUI's field takes the height that is left; in a box of its own there is none.
    <div>
      <Select
        label={label}
        size="small"
        options={[
          { id: ALL, label: all },
          ...values.map(id => ({ id, label: id })),
        ]}
        value={value ?? ALL}
        onChange={id =>
          onChange(id === null || id === ALL ? undefined : String(id))
        }
      />
    </div>
  );
}

function Places(props: { form: BreakerForm }) {
  const { form } = props;
  const { place, setPlace } = form;
  if (!place) return null;
  return (
    <>
      <ServiceSelect
        hosts={form.hosts}
        host={place.host}
        onChange={host => setPlace({ host })}
      />
      <div className={dialog.pair}>
        <PlaceSelect
          label="Version"
          all="All versions"
          values={form.subsets}
          value={place.subset}
          onChange={subset => setPlace({ ...place, subset })}
        />
        <PlaceSelect
          label="Port"
          all="All ports"
          values={form.ports.map(String)}
          value={place.port === undefined ? undefined : String(place.port)}
          onChange={port =>
            setPlace({
              ...place,
              port: port === undefined ? undefined : Number(port),
            })
          }
        />
      </div>
    </>
  );
}

function Values(props: {
  form: BreakerForm;
  fields: readonly { field: BreakerField; label: string }[];
  placeholder: (field: BreakerField) => string;
}) {
  const { form, fields, placeholder } = props;
  return (
    <div className={dialog.pair}>
      {fields.map(({ field, label }) => (
        <ValueField
          key={field}
          label={label}
          placeholder={placeholder(field)}
          value={form.draft?.values[field] ?? ''}
          problem={form.problems[field]}
          onChange={value => form.set(field, value)}
        />
      ))}
    </div>
  );
}

/** What Envoy takes where nothing is written. Source: Envoy OutlierDetection. */
const ENVOYS: Partial<Record<BreakerField, string>> = {
  consecutive5xxErrors: '5',
  consecutiveGatewayErrors: 'never',
  interval: '10s',
  baseEjectionTime: '30s',
  maxEjectionPercent: '10',
  minHealthPercent: '0',
};

/** How much callers may have open at once, and when a failing pod is left alone. */
export function BreakerFields(props: { form: BreakerForm }) {
  const { form } = props;
  const { today, draft } = form;
  return (
    <section className={dialog.fields} aria-label="Circuit breaker">
      <Places form={form} />
      <ClusterChoice
        choice={form.choice}
        chosen={form.clusters}
        silent={form.silent}
        onChange={form.setClusters}
      />
      <div>
        <h3 className={dialog.groupTitle}>Limits per calling pod</h3>
        {today?.poolText && (
          <p className={dialog.fieldNote}>{today.poolText}</p>
        )}
      </div>
      <Values form={form} fields={POOL_FIELDS} placeholder={() => 'no limit'} />
      <div>
        <Switch
          label="Leave failing pods alone for a while"
          isSelected={draft?.ejects ?? false}
          onChange={form.setEjects}
        />
        {today?.ejectionText && (
          <p className={dialog.fieldNote}>{today.ejectionText}</p>
        )}
      </div>
      {draft?.ejects && (
        <Values
          form={form}
          fields={EJECTION_FIELDS}
          placeholder={field => ENVOYS[field] ?? ''}
        />
      )}
    </section>
  );
}
