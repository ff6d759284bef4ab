import { IntentLayout, NothingToChange } from '../IntentLayout';
import { useIntentChange } from '../useIntentChange';
import type { PreviewState } from '../../changes/preview/previewState';
import { RouteChoice } from './RouteChoice';
import { RouteFacts } from '../RouteFacts';
import type { ShiftTrafficDialogProps } from './ShiftTrafficDialog';
import { TodayTable } from './TodayTable';
import { WeightForm } from './WeightForm';
import { explainNothingShiftable } from './resolveShiftableRoutes';
import {
  useShiftForm,
  type MeasuredRate,
  type ShiftForm,
} from './useShiftForm';

const TITLE = 'Shift traffic';

/** The rate that a preview knows of; undefined when it does not say. */
function measuredBy(state: PreviewState): MeasuredRate | undefined {
  if (state.kind !== 'ready') return undefined;
  const { versions, observedSeconds: seconds } = state.preview;
  const rates = versions.map(version => version.requestsPerSecondBefore);
  if (rates.length === 0 || rates.includes(undefined)) return undefined;
  const perSecond = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  return { perSecond, seconds };
}

function hintOf(form: ShiftForm): string {
  return form.sum.kind === 'complete'
    ? 'Move a share to see what it would do.'
    : 'The preview follows when the shares make 100 %.';
}

/** Today's shares as the page knows them. */
function revisionOf(form: ShiftForm): string {
  return JSON.stringify(
    form.option?.routes.map(({ clusters, destinations }) => [
      clusters,
      destinations.map(({ key, configured }) => [key, configured]),
    ]),
  );
}

function ShiftFields(props: { form: ShiftForm; state: PreviewState }) {
  const { form, state } = props;
  return (
    <>
      <RouteChoice form={form} />
      <WeightForm form={form} measured={form.measured ?? measuredBy(state)} />
    </>
  );
}

/** The dialog's inside: the form with its preview, then the change on its way. */
export function ShiftTrafficContent(
  props: Omit<ShiftTrafficDialogProps, 'isOpen'>,
) {
  const { entityRef, split, services, onClose } = props;
  const form = useShiftForm(props);
  const { route, clusters } = form;
  const change = useIntentChange(entityRef, {
    ...form,
    subject: JSON.stringify([form.option?.id, clusters]),
    revision: revisionOf(form),
  });
  const { state } = change;
  if (!route) {
    return (
      <NothingToChange
        title={TITLE}
        facts={<RouteFacts entityRef={entityRef} clusters={[]} />}
        lead="No route of this component can be edited here."
        reasons={explainNothingShiftable(split)}
        onClose={onClose}
      />
    );
  }
  return (
    <IntentLayout
      title={TITLE}
      entityRef={entityRef}
      facts={<RouteFacts {...{ entityRef, route, services, clusters }} />}
      form={<ShiftFields form={form} state={state} />}
      why={{ value: form.why, onChange: form.setWhy }}
      change={change}
      object={route.object && { ref: route.object, fieldPath: route.fieldPath }}
      kept={route.alsoSets}
      hint={hintOf(form)}
      instead={
        state.kind === 'none' &&
        !(form.moved && state.previous) && (
          <TodayTable
            rows={form.rows}
            totalRate={form.measured?.perSecond}
            rateUnit={form.rateUnit}
          />
        )
      }
      onClose={onClose}
    />
  );
}
