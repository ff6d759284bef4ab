import type { ResilienceAnswer } from '@istio-backstage/plugin-istio-common';
import { IntentLayout, NothingToChange } from '../IntentLayout';
import { ServiceFacts } from '../ServiceFacts';
import { TodayDialog } from '../TodayDialog';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { BreakerFields } from './BreakerFields';
import { useBreakerForm } from './useBreakerForm';

const TITLE = 'Circuit breaker';

function BreakerContent(
  props: IntentDialogProps & { answers: readonly ResilienceAnswer[] },
) {
  const { entityRef, onClose } = props;
  const form = useBreakerForm(props);
  const { place, clusters } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([place, clusters]),
    revision: JSON.stringify(form.today),
  });
  const facts = (
    <ServiceFacts
      entityRef={entityRef}
      host={place?.host}
      clusters={clusters}
    />
  );
  if (!place) {
    return (
      <NothingToChange
        title={TITLE}
        facts={facts}
        lead="There is nothing to limit."
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
      form={<BreakerFields form={form} />}
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      kept={[]}
      hint="Change a value to see what it would do."
      onClose={onClose}
    />
  );
}

/** Sets limits and ejection for the callers of the component. */
export function BreakerDialog(props: IntentDialogProps) {
  return (
    <TodayDialog {...props} title={TITLE}>
      {answers => <BreakerContent {...props} answers={answers} />}
    </TodayDialog>
  );
}
