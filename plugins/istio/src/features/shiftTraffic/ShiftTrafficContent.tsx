import { useState } from 'react';
import { Button } from '@backstage/ui';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { Note, presentRefName } from '../../components';
import { ChangeDialogLayout } from '../changes/dialog/ChangeDialog';
import { ChangeFooter } from '../changes/dialog/ChangeFooter';
import { JustificationFields } from '../changes/dialog/JustificationFields';
import { SubmissionProblem } from '../changes/dialog/SubmissionProblem';
import dialog from '../changes/dialog/dialog.module.css';
import { FollowLayout } from '../changes/follow/FollowLayout';
import { PreviewPane } from '../changes/preview/PreviewPane';
import type { PreviewState } from '../changes/preview/previewState';
import { presentObject } from '../changes/presentOutcome';
import { RevertDialog } from '../changes/revert/RevertDialog';
import { ConflictNote } from './ConflictNote';
import { KeptAsIs } from './KeptAsIs';
import { RouteChoice } from './RouteChoice';
import { ShiftFacts } from './ShiftFacts';
import type { ShiftTrafficDialogProps } from './ShiftTrafficDialog';
import { TodayTable } from './TodayTable';
import { WeightForm } from './WeightForm';
import { explainNothingShiftable } from './resolveShiftableRoutes';
import {
  useShiftForm,
  type MeasuredRate,
  type ShiftForm,
} from './useShiftForm';
import { useShiftTraffic } from './useShiftTraffic';

const TITLE = 'Shift traffic';

type Shift = ReturnType<typeof useShiftTraffic>;
type ContentProps = Omit<ShiftTrafficDialogProps, 'isOpen'>;

/** Nothing to shift: says why, route by route. */
function NothingToShift(props: ContentProps) {
  const { entityRef, split, onClose } = props;
  const reasons = explainNothingShiftable(split);
  return (
    <ChangeDialogLayout
      title={TITLE}
      facts={<ShiftFacts entityRef={entityRef} clusters={[]} />}
      left={
        <Note tone="quiet">
          <strong>No route of this component can be edited here.</strong>
          <ul className={dialog.list}>
            {reasons.map(reason => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Note>
      }
      footer={
        <Button variant="primary" onPress={onClose}>
          Close
        </Button>
      }
    />
  );
}

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

function ShiftLeft(props: { form: ShiftForm; shift: Shift }) {
  const { form, shift } = props;
  const { state, submission } = shift;
  return (
    <>
      <RouteChoice form={form} />
      <WeightForm form={form} measured={form.measured ?? measuredBy(state)} />
      <JustificationFields value={form.why} onChange={form.setWhy} />
      {form.route && (
        <KeptAsIs
          route={form.route}
          keptAsIs={state.kind === 'ready' ? state.preview.keptAsIs : undefined}
        />
      )}
      {submission.kind === 'refused' && (
        <SubmissionProblem problem={submission.problem} />
      )}
    </>
  );
}

function ShiftLayout(props: {
  about: ContentProps;
  form: ShiftForm;
  shift: Shift;
}) {
  const { about, form, shift } = props;
  const { state, conflict, submission } = shift;
  const { route } = form;
  return (
    <ChangeDialogLayout
      title={TITLE}
      facts={<ShiftFacts {...about} route={route} clusters={form.clusters} />}
      left={<ShiftLeft form={form} shift={shift} />}
      right={
        <PreviewPane
          state={conflict ? { kind: 'stale', previous: conflict.seen } : state}
          component={presentRefName(about.entityRef)}
          onRetry={shift.retryPreview}
          hint={hintOf(form)}
          instead={
            route &&
            state.kind === 'none' &&
            !(form.moved && state.previous) && (
              <TodayTable
                rows={form.rows}
                totalRate={form.measured?.perSecond}
              />
            )
          }
          notice={
            conflict && (
              <ConflictNote
                object={
                  route?.object ? presentObject(route.object) : 'the route'
                }
                differences={conflict.differences}
                message={conflict.message}
                onShow={shift.acknowledge}
              />
            )
          }
        />
      }
      footer={
        <ChangeFooter
          gate={shift.gate}
          verb="Apply"
          isSending={submission.kind === 'sending'}
          onCancel={about.onClose}
          onApply={shift.apply}
        />
      }
    />
  );
}

/** The dialog's inside: the form with its preview, then the change on its way. */
export function ShiftTrafficContent(props: ContentProps) {
  const { entityRef, services, onClose } = props;
  const form = useShiftForm(props);
  const shift = useShiftTraffic(entityRef, form);
  const [undoing, setUndoing] = useState<Change>();
  if (shift.submission.kind === 'accepted') {
    return (
      <>
        <FollowLayout
          submitted={shift.submission.change}
          title={TITLE}
          facts={
            <ShiftFacts
              entityRef={entityRef}
              route={form.route}
              services={services}
              clusters={form.clusters}
            />
          }
          onClose={onClose}
          onAgain={shift.startAgain}
          onUndo={setUndoing}
        />
        {undoing && (
          <RevertDialog
            change={undoing}
            isOpen
            onClose={() => setUndoing(undefined)}
          />
        )}
      </>
    );
  }
  if (!form.route) return <NothingToShift {...props} />;
  return <ShiftLayout about={props} form={form} shift={shift} />;
}
