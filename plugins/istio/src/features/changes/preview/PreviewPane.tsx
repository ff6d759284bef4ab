import type { ReactNode } from 'react';
import { Button } from '@backstage/ui';
import {
  formatDuration,
  type ChangePreview,
} from '@istio-backstage/plugin-istio-common';
import {
  BusyBar,
  LinesSkeleton,
  Note,
  SourceFooter,
} from '../../../components';
import { presentRateUnit } from '../presentNumbers';
import { AffectedCallers } from './AffectedCallers';
import { BeforeAfterTable } from './BeforeAfterTable';
import { planClusters } from '../resolveApplyGate';
import { BehaviourTable } from './BehaviourTable';
import { EffectSummary } from './EffectSummary';
import { FindingsList } from './FindingsList';
import { GuardrailList } from './GuardrailList';
import { ProposedFiles } from './ProposedFiles';
import { YamlDiff } from './YamlDiff';
import type { PreviewState } from './previewState';
import styles from './preview.module.css';

function presentSource(observedSeconds: number): string {
  return observedSeconds > 0
    ? `Computed from the live objects and the last ${formatDuration(
        observedSeconds,
      )} of traffic`
    : 'Computed from the live objects, no traffic was measured';
}

function PreviewBody(props: { preview: ChangePreview; component: string }) {
  const { preview, component } = props;
  return (
    <>
      <EffectSummary preview={preview} />
      {preview.versions.length > 0 && (
        <BeforeAfterTable
          versions={preview.versions}
          rateUnit={presentRateUnit(preview.counts)}
        />
      )}
      {preview.behaviour.length > 0 && (
        <BehaviourTable
          title={
            preview.versions.length > 0 ? 'Also different' : 'Before and after'
          }
          changes={preview.behaviour}
          clusters={planClusters(preview)}
        />
      )}
      <AffectedCallers preview={preview} component={component} />
      <FindingsList findings={preview.findings} />
      <GuardrailList guardrails={preview.guardrails} dryRun={preview.dryRun} />
      {preview.proposal && <ProposedFiles proposal={preview.proposal} />}
      <YamlDiff operations={preview.plan.operations} />
      <SourceFooter source="computed" at={preview.computedAt}>
        {presentSource(preview.observedSeconds)}
      </SourceFooter>
    </>
  );
}

/**
 * What a change would do. While the next preview is on its way the last one stays, dimmed, so that
 * nothing jumps; it is never taken for the new one, because Apply is off meanwhile.
 */
export function PreviewPane(props: {
  state: PreviewState;
  component: string;
  /** Shown while there is nothing to preview. */
  hint: string;
  /** Above the preview, e.g. that the base moved. */
  notice?: ReactNode;
  onRetry?: () => void;
  /** Shown in place of a preview, while there is nothing to preview. */
  instead?: ReactNode;
}) {
  const { state, component, hint, notice, onRetry, instead } = props;
  const previous = instead
    ? undefined
    : state.kind !== 'ready' && state.previous;
  const preview = state.kind === 'ready' ? state.preview : previous;
  const busy = state.kind === 'loading';
  return (
    <div className={styles.pane} role="region" aria-label="Preview">
      {busy && preview && <BusyBar label="Computing the preview" />}
      {notice}
      {state.kind === 'failed' && (
        <div role="alert">
          <Note tone="bad">
            <strong>No preview.</strong> {state.message}
            {onRetry && (
              <div className={styles.retry}>
                <Button size="small" variant="secondary" onPress={onRetry}>
                  Try again
                </Button>
              </div>
            )}
          </Note>
        </div>
      )}
      {state.kind === 'none' && <Note tone="quiet">{hint}</Note>}
      {instead}
      {busy && !preview && (
        <LinesSkeleton lines={12} label="Computing the preview" />
      )}
      {preview && (
        <div
          className={`${styles.pane} ${
            state.kind === 'ready' ? '' : styles.dimmed
          }`}
          aria-busy={busy}
        >
          <PreviewBody preview={preview} component={component} />
        </div>
      )}
    </div>
  );
}
