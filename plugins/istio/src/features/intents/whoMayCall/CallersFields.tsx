import { Switch } from '@backstage/ui';
import dialog from '../../changes/dialog/dialog.module.css';
import { ClusterChoice } from '../ClusterChoice';
import { CallerList } from './CallerList';
import { SeenCallers } from './SeenCallers';
import type { CallersForm } from './useCallersForm';

/** Who was seen, who is listed, and whether it is tried first. */
export function CallersFields(props: { form: CallersForm; allows: boolean }) {
  const { form, allows } = props;
  return (
    <>
      <ClusterChoice
        choice={form.choice}
        chosen={form.clusters}
        silent={form.silent}
        onChange={form.setClusters}
      />
      <SeenCallers form={form} />
      <CallerList form={form} allows={allows} />
      <div>
        <Switch
          label="Try it first: refuse nobody (dry run)"
          isSelected={form.dryRun}
          isDisabled={!form.canTry}
          onChange={form.setTrial}
        />
        <p className={dialog.fieldNote}>
          {form.canTry
            ? 'Proxies count what it would do. Enforcing it is a second change.'
            : 'This policy is enforced: on trial it would protect nothing. A new one can be tried beside it.'}
        </p>
      </div>
    </>
  );
}
