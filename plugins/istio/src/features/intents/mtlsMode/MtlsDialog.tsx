import type { ComponentSecurity } from '@istio-backstage/plugin-istio-common';
import { presentRefName } from '../../../components';
import { DEFAULT_WINDOW } from '../../meshTab/meshWindows';
import { IntentLayout, NothingToChange } from '../IntentLayout';
import { SecurityDialog } from '../SecurityDialog';
import { ServiceFacts } from '../ServiceFacts';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { MtlsFields } from './MtlsFields';
import { useMtlsForm } from './useMtlsForm';

const TITLE = 'Encryption (mTLS)';

function MtlsContent(
  props: IntentDialogProps & { security: ComponentSecurity },
) {
  const { entityRef, security, onClose } = props;
  const form = useMtlsForm(props);
  const { host, clusters, level, port } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([host, clusters, level, port]),
    revision: JSON.stringify(form.today),
  });
  const facts = (
    <ServiceFacts entityRef={entityRef} host={host} clusters={clusters} />
  );
  if (!host) {
    return (
      <NothingToChange
        title={TITLE}
        facts={facts}
        lead="There is nothing to encrypt."
        reasons={['No Service belongs to this component']}
        onClose={onClose}
      />
    );
  }
  return (
    <IntentLayout
      title={TITLE}
      entityRef={entityRef}
      facts={facts}
      form={
        <MtlsFields
          form={form}
          name={presentRefName(entityRef)}
          readiness={security.readiness}
        />
      }
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      kept={[]}
      hint="Choose what ports shall accept to see who would be refused."
      onClose={onClose}
    />
  );
}

/** Sets what ports accept: encrypted calls only, both, or plaintext only. */
export function MtlsDialog(props: IntentDialogProps) {
  return (
    <SecurityDialog {...props} title={TITLE} window={DEFAULT_WINDOW}>
      {security => <MtlsContent {...props} security={security} />}
    </SecurityDialog>
  );
}
