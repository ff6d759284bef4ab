import type { SharedFinding } from '@istio-backstage/plugin-istio-common';
import { ObjectLink, Tag, presentRefName } from '../../../components';
import { ChangeDialog } from '../../changes/dialog/ChangeDialog';
import dialog from '../../changes/dialog/dialog.module.css';
import { ClusterChoice } from '../ClusterChoice';
import { IntentLayout } from '../IntentLayout';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { useFixForm } from './useFixForm';

function FixContent(props: IntentDialogProps & { finding: SharedFinding }) {
  const { entityRef, finding, onClose } = props;
  const form = useFixForm(props);
  const { clusters } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([finding.object, clusters]),
  });
  const object = { cluster: finding.clusters[0], ...finding.object };
  return (
    <IntentLayout
      title={finding.fix?.title ?? 'Mend a finding'}
      entityRef={entityRef}
      facts={
        <>
          <span className={dialog.subject}>{presentRefName(entityRef)}</span>
          <span>{finding.code}</span>
          {clusters.map(cluster => (
            <Tag key={cluster}>{cluster}</Tag>
          ))}
        </>
      }
      form={
        <>
          <p>{finding.message}</p>
          <p>
            <ObjectLink object={object} fieldPath={finding.path} />
          </p>
          <ClusterChoice
            choice={form.choice}
            chosen={clusters}
            silent={form.silent}
            onChange={form.setClusters}
          />
        </>
      }
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      object={{ ref: object, fieldPath: finding.path }}
      kept={[]}
      hint="Choose a cluster to see what it would do."
      onClose={onClose}
    />
  );
}

/** What mends a finding, as a change like any other. The portal computes it anew; nothing of it comes from here. */
export function FixDialog(props: IntentDialogProps) {
  const { finding } = props.start;
  return (
    <ChangeDialog isOpen onClose={props.onClose}>
      {finding && <FixContent {...props} finding={finding} />}
    </ChangeDialog>
  );
}
