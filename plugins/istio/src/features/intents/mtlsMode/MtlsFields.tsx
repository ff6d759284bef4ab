import { Radio, RadioGroup, Select } from '@backstage/ui';
import type {
  MtlsModeChoice,
  MtlsModeParams,
  StrictReadiness,
} from '@istio-backstage/plugin-istio-common';
import { Note, StatusLabel } from '../../../components';
import dialog from '../../changes/dialog/dialog.module.css';
import { presentMode } from '../../overview/presentMtls';
import { splitVerdict, verdictLook } from '../../security/presentReadiness';
import { ClusterChoice } from '../ClusterChoice';
import { presentDecider } from '../presentDecider';
import { ServiceSelect } from '../ServiceFacts';
import type { MtlsForm } from './useMtlsForm';

const MODES: readonly { mode: MtlsModeChoice; label: string }[] = [
  { mode: 'STRICT', label: 'Only encrypted calls (STRICT)' },
  { mode: 'PERMISSIVE', label: 'Both, encrypted or not (PERMISSIVE)' },
  { mode: 'DISABLE', label: 'Only plaintext (DISABLE)' },
  { mode: 'INHERIT', label: 'What the wider level says (inherited)' },
];

const ALL = 'all';

function Place(props: { form: MtlsForm; name: string }) {
  const { form, name } = props;
  const levels: { level: MtlsModeParams['level']; label: string }[] = [
    { level: 'workload', label: `The pods of ${name}` },
    {
      level: 'namespace',
      label: `The whole namespace ${form.service?.namespace ?? ''}`,
    },
    { level: 'mesh', label: 'The whole mesh, which the platform decides' },
  ];
  return (
    <>
      <RadioGroup
        label="For"
        value={form.level}
        onChange={level => form.setLevel(level as MtlsModeParams['level'])}
      >
        {levels.map(({ level, label }) => (
          <Radio key={level} value={level}>
            {label}
          </Radio>
        ))}
      </RadioGroup>
      {form.level === 'workload' && form.ports.length > 1 && (
        // BUI's field takes the height that is left; in a box of its own there is none.
        <div>
          <Select
            label="Port of the pods"
            size="small"
            options={[
              { id: ALL, label: 'All ports without a mode of their own' },
              ...form.ports.map(port => ({
                id: String(port),
                label: String(port),
              })),
            ]}
            value={form.port === undefined ? ALL : String(form.port)}
            onChange={id =>
              form.setPort(id === null || id === ALL ? undefined : Number(id))
            }
          />
        </div>
      )}
    </>
  );
}

/** What each port accepts now, with what decides it. */
function Today(props: { form: MtlsForm }) {
  const { today, port } = props.form;
  const shown = today.filter(
    each =>
      props.form.level !== 'workload' ||
      port === undefined ||
      each.port === port,
  );
  return (
    <ul className={dialog.list} aria-label="Today">
      {shown.map(each => {
        const { words, term } = presentMode(each.mode);
        return (
          <li
            key={`${each.port}/${each.mode}/${each.clusters.join()}`}
            className={dialog.fieldNote}
          >
            Today port {each.port}: {words}
            {term && ` (${term})`}, {presentDecider(each.decidedBy)}
          </li>
        );
      })}
    </ul>
  );
}

function Readiness(props: { readiness?: StrictReadiness }) {
  const { readiness } = props;
  if (!readiness) return null;
  const { lead, rest } = splitVerdict(readiness.sentence);
  return (
    <Note tone="quiet">
      <StatusLabel status={verdictLook(readiness.verdict)} wrap>
        {lead}
      </StatusLabel>{' '}
      {rest}
    </Note>
  );
}

/** What ports accept: of the component's pods, of one port, or of more than the component. */
export function MtlsFields(props: {
  form: MtlsForm;
  name: string;
  readiness?: StrictReadiness;
}) {
  const { form, name, readiness } = props;
  return (
    <section className={dialog.fields} aria-label="Encryption">
      <ServiceSelect
        hosts={form.hosts}
        host={form.host}
        onChange={form.setHost}
      />
      <ClusterChoice
        choice={form.choice}
        chosen={form.clusters}
        silent={form.silent}
        onChange={form.setClusters}
      />
      <Place form={form} name={name} />
      <div>
        <RadioGroup
          label="Accept"
          value={form.mode ?? null}
          onChange={mode => form.setMode(mode as MtlsModeChoice)}
        >
          {MODES.map(({ mode, label }) => (
            <Radio key={mode} value={mode}>
              {label}
            </Radio>
          ))}
        </RadioGroup>
        <Today form={form} />
      </div>
      {form.mode === 'STRICT' && form.level === 'workload' && (
        <Readiness readiness={readiness} />
      )}
    </section>
  );
}
