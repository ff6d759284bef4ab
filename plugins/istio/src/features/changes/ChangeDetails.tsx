import { useId, useState } from 'react';
import { Button } from '@backstage/ui';
import type { Change } from '@istio-backstage/plugin-istio-common';
import {
  CopyButton,
  MeshCard,
  MeshPageLink,
  SourceFooter,
  StatusLabel,
} from '../../components';
import { useChangeAccess } from '../../data';
import { RepairChange } from './approvals/RepairChange';
import { CancelChange } from './approvals/CancelChange';
import { AdoptChange } from './external/AdoptChange';
import { ChangeFacts } from './ChangeFacts';
import { ChangeSteps } from './follow/ChangeSteps';
import { ClusterOutcomes } from './follow/ClusterOutcomes';
import { EffectTable } from './follow/EffectTable';
import { OutcomeNote } from './follow/OutcomeNote';
import { isWaiting } from './presentOutcome';
import { presentIntentType } from './presentWords';
import { GuardrailList } from './preview/GuardrailList';
import { PreviewSection } from './preview/PreviewSection';
import { ProposedFiles } from './preview/ProposedFiles';
import { YamlDiff } from './preview/YamlDiff';
import { resolveRevertGate } from './resolveRevertGate';
import { RevertDialog } from './revert/RevertDialog';
import { useObservedNow } from './useObservedNow';
import styles from './changes.module.css';

/** States whose sentence says more than the steps and the table do. */
const WORTH_A_NOTE: Change['state'][] = [
  'partial',
  'indeterminate',
  'denied',
  'conflict',
  'failed',
  'unverifiable',
  'awaitingApproval',
  'scheduled',
  'proposed',
  'merged',
  'declined',
  'expired',
  'superseded',
];

/** States from which a person can bring the change on. */
const REPAIRABLE: Change['state'][] = ['partial', 'indeterminate'];

function ChangeActions(props: {
  change: Change;
  link: string;
  /** Why Revert is off. */
  off?: string;
  whyId: string;
  /** Somebody is about to revert. */
  onIntent: () => void;
  onRevert: () => void;
}) {
  const { link, off, whyId, onIntent, onRevert } = props;
  return (
    <span className={styles.actions}>
      <CopyButton text={link}>Copy link</CopyButton>
      <Button
        size="small"
        variant="secondary"
        isDisabled={off !== undefined}
        aria-describedby={off === undefined ? undefined : whyId}
        onHoverStart={onIntent}
        onFocus={onIntent}
        onPress={onRevert}
      >
        Revert
      </Button>
    </span>
  );
}

/** What became of it in the clusters, and what a person can do about it beside taking it back. */
function WhatCanBeDone({ change }: { change: Change }) {
  if (change.external) return null;
  if (isWaiting(change)) return <CancelChange change={change} />;
  return (
    <>
      <ClusterOutcomes operations={change.operations} plain />
      {REPAIRABLE.includes(change.state) && <RepairChange change={change} />}
    </>
  );
}

function ChangeBody(props: {
  change: Change;
  searchOf: (id: string) => string;
}) {
  const { change, searchOf } = props;
  const observedNow = useObservedNow(change);
  return (
    <>
      {WORTH_A_NOTE.includes(change.state) && <OutcomeNote change={change} />}
      <div className={styles.pair}>
        <ChangeFacts change={change} searchOf={searchOf} />
        <PreviewSection title="What happened" plain>
          <ChangeSteps change={change} />
        </PreviewSection>
      </div>
      <div className={styles.pair}>
        {change.versions.length > 0 && (
          <EffectTable
            versions={change.versions}
            observedNow={observedNow}
            plain
          />
        )}
        {!change.external && (
          <GuardrailList
            title="Guardrails at that time"
            guardrails={change.guardrails}
            plain
          />
        )}
      </div>
      <WhatCanBeDone change={change} />
      {change.proposal && <ProposedFiles proposal={change.proposal} plain />}
      {change.operations.some(({ diff }) => diff.length > 0) && (
        <YamlDiff
          operations={change.operations}
          title="Object, before and after"
        />
      )}
      {change.state === 'outside' && <AdoptChange change={change} />}
    </>
  );
}

/** Where what is shown of the change stands, and its thread in the log. */
function ChangeSource({ change }: { change: Change }) {
  return (
    <SourceFooter source="record" at={change.updatedAt}>
      {change.external
        ? 'Seen by the watch, kept in the record of changes'
        : 'From the record of changes'}{' '}
      <MeshPageLink path={`/audit?thread=${encodeURIComponent(change.id)}`}>
        Audit thread
      </MeshPageLink>
    </SourceFooter>
  );
}

/** One change: who, why, what happened, what it did, and the way back. */
export function ChangeDetails(props: {
  change: Change;
  /** URL search that selects a change. */
  searchOf: (id: string) => string;
  /** Full address of this change, to copy. */
  link: string;
}) {
  const { change, searchOf, link } = props;
  const [reverting, setReverting] = useState(false);
  const whyId = useId();
  const access = useChangeAccess(change.entityRef);
  const off = resolveRevertGate(change, access);
  return (
    <MeshCard
      title={change.title}
      chip={<StatusLabel status={change.state} chip />}
      action={
        <ChangeActions
          change={change}
          link={link}
          off={off}
          whyId={whyId}
          onIntent={access.ask}
          onRevert={() => setReverting(true)}
        />
      }
      footer={<ChangeSource change={change} />}
    >
      <div className={styles.details}>
        <div>
          <p className={styles.quiet}>
            <span className={styles.mono}>{change.id}</span>,{' '}
            {change.external
              ? 'made outside the portal'
              : `${presentIntentType(change.intentType)}, from the portal`}
          </p>
          {off && (
            <p className={styles.quiet} id={whyId}>
              {off}
            </p>
          )}
        </div>
        <ChangeBody change={change} searchOf={searchOf} />
      </div>
      <RevertDialog
        change={change}
        isOpen={reverting}
        onClose={() => setReverting(false)}
      />
    </MeshCard>
  );
}
