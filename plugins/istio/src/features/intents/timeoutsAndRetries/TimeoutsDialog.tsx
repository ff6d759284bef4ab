import type { ResilienceAnswer } from '@istio-backstage/plugin-istio-common';
import { IntentLayout, NothingToChange } from '../IntentLayout';
import { RouteFacts } from '../RouteFacts';
import { presentRouteObject } from '../resolveRouteOptions';
import { TodayDialog } from '../TodayDialog';
import type { IntentDialogProps } from '../types';
import { useIntentChange } from '../useIntentChange';
import { TimeoutsFields } from './TimeoutsFields';
import { useTimeoutsForm } from './useTimeoutsForm';

const TITLE = 'Timeouts and retries';

function TimeoutsContent(
  props: IntentDialogProps & { answers: readonly ResilienceAnswer[] },
) {
  const { entityRef, mesh, onClose } = props;
  const form = useTimeoutsForm(props);
  const { route, clusters } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([form.option?.id, clusters]),
    revision: JSON.stringify(form.today),
  });
  if (!route) {
    return (
      <NothingToChange
        title={TITLE}
        facts={<RouteFacts entityRef={entityRef} clusters={[]} />}
        lead="No route of this component has timeouts and retries that can be set here."
        reasons={(mesh.split?.routes ?? []).map(
          each =>
            `${presentRouteObject(
              each,
            )}: only rules of HTTP that send requests on have them`,
        )}
        onClose={onClose}
      />
    );
  }
  return (
    <IntentLayout
      title={TITLE}
      entityRef={entityRef}
      facts={
        <RouteFacts
          {...{ entityRef, route, services: mesh.match.services, clusters }}
        />
      }
      form={<TimeoutsFields form={form} />}
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      object={route.object && { ref: route.object, fieldPath: route.fieldPath }}
      kept={[]}
      hint="Change a value to see what it would do."
      onClose={onClose}
    />
  );
}

/** Sets how long callers wait for the component and how often they try again. */
export function TimeoutsDialog(props: IntentDialogProps) {
  return (
    <TodayDialog {...props} title={TITLE}>
      {answers => <TimeoutsContent {...props} answers={answers} />}
    </TodayDialog>
  );
}
