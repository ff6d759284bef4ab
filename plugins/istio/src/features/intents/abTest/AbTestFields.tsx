import { Button, Select, Switch } from '@backstage/ui';
import {
  describeWho,
  formatWrittenShare,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { Note } from '../../../components';
import dialog from '../../changes/dialog/dialog.module.css';
import { ClusterChoice } from '../ClusterChoice';
import { ValueField } from '../ValueField';
import { ArmFields } from './ArmFields';
import type { AbTestForm } from './useAbTestForm';
import styles from './abTest.module.css';

const AS_NOW = '';

/** "v1 80 %, v2 20 %" */
function presentShares({ destinations }: TrafficRoute): string {
  return destinations
    .filter(({ configured }) => configured > 0)
    .map(
      ({ label, configured }) => `${label} ${formatWrittenShare(configured)}`,
    )
    .join(', ');
}

function EverybodyElse(props: { form: AbTestForm }) {
  const { form } = props;
  const shares = presentShares(form.route);
  return (
    <div>
      <Select
        label={form.draft.arms.length > 0 ? 'Everybody else' : 'Everybody'}
        size="small"
        options={[
          {
            id: AS_NOW,
            label: form.route.object
              ? `As shared out now: ${shares || 'nowhere'}`
              : 'All ready pods alike',
          },
          ...form.versions.map(id => ({ id, label: `${id} alone` })),
        ].filter(
          ({ id }) => id !== AS_NOW || form.today.everybodyElse === AS_NOW,
        )}
        value={form.draft.everybodyElse}
        onChange={id => form.set({ everybodyElse: String(id ?? AS_NOW) })}
      />
    </div>
  );
}

function StickyFields(props: { form: AbTestForm }) {
  const { form } = props;
  const { draft, whyNotSticky } = form;
  return (
    <div>
      <Switch
        label="Send everybody else to the same version again"
        isSelected={draft.isSticky}
        isDisabled={whyNotSticky !== undefined && !draft.isSticky}
        onChange={isSticky => form.set({ isSticky })}
      />
      <p className={dialog.fieldNote}>
        {whyNotSticky ??
          'By a cookie that the first answer sets: it works for callers that keep cookies, as browsers do.'}
      </p>
      {draft.isSticky && (
        <div className={dialog.pair}>
          <ValueField
            label="Cookie"
            value={draft.cookie}
            problem={form.problems['sticky.cookie']}
            onChange={cookie => form.set({ cookie })}
          />
          <ValueField
            label="Days"
            value={draft.days}
            problem={form.problems['sticky.maxAge']}
            onChange={days => form.set({ days })}
          />
        </div>
      )}
    </div>
  );
}

/** The whole test read out, once it makes sense. */
function InWords(props: { form: AbTestForm }) {
  const { built, draft, route } = props.form;
  if (!built.ok || built.intent.params.arms.length === 0) return null;
  const { arms, everybodyElse } = built.intent.params;
  const shares = route.object ? presentShares(route) : 'any ready pod';
  return (
    <Note tone="quiet">
      <ol className={styles.words} aria-label="In words">
        {arms.map(({ who, version }, index) => (
          <li key={draft.arms[index].id}>
            {describeWho(who)}: <strong>{version}</strong>
          </li>
        ))}
        <li>
          everybody else: <strong>{everybodyElse ?? shares}</strong>
          {draft.isSticky && ', the same one again by cookie'}
        </li>
      </ol>
    </Note>
  );
}

/** Who gets which version. */
export function AbTestFields(props: { form: AbTestForm }) {
  const { form } = props;
  const { arms, isSticky } = form.draft;
  return (
    <section className={dialog.fields} aria-label="Who gets which version">
      <ClusterChoice
        choice={form.option.clusters}
        chosen={form.clusters}
        silent={form.silent}
        onChange={form.setClusters}
      />
      <div className={styles.head}>
        <h3 className={dialog.groupTitle}>Who gets which version</h3>
        <span className={styles.hint}>The first group that fits counts</span>
      </div>
      {arms.map(({ id }, index) => (
        <ArmFields key={id} form={form} index={index} />
      ))}
      <div className={dialog.actions}>
        <Button size="small" variant="secondary" onPress={form.addArm}>
          Add a group
        </Button>
        {(arms.length > 0 || isSticky) && (
          <Button size="small" variant="tertiary" onPress={form.endTest}>
            End the test
          </Button>
        )}
      </div>
      <EverybodyElse form={form} />
      <StickyFields form={form} />
      <InWords form={form} />
    </section>
  );
}
