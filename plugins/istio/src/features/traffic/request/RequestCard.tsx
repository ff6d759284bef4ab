import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  ObjectLink,
  SourceFooter,
  StatusShape,
  objectsAsOf,
} from '../../../components';
import text from '../../../components/text.module.css';
import { useComponentExposure, useRequestAnswer } from '../../../data';
import { useLabels } from '../../../translation';
import type { MeshViewProps } from '../../meshTab/MeshViews';
import { presentAnswer } from './presentAnswer';
import type { RequestStep } from './presentAnswer';
import { RequestForm } from './RequestForm';
import { listCallers, proposeDraft } from './proposeDraft';
import { buildParams, parseDraft, toQuestion } from './requestQuery';
import type { RequestDraft } from './requestQuery';
import styles from './request.module.css';

/** "Where would this request go?": the question is in the URL, the answer is the way through the rules. */
export function RequestCard(
  props: Pick<MeshViewProps, 'entityRef' | 'mesh' | 'scope'>,
) {
  const { entityRef, mesh, scope } = props;
  const t = useLabels();
  const [params, setParams] = useSearchParams();
  const exposure = useComponentExposure(entityRef, scope.clusters);
  const asked = parseDraft(params);
  const draft = asked ?? proposeDraft(mesh, scope.clusters);
  const question = asked && toQuestion(withCluster(asked, draft));
  const answer = useRequestAnswer(entityRef, question);
  const ask = (next: RequestDraft) => setParams(old => buildParams(old, next));
  const at = answer.data && objectsAsOf([answer.data.cluster]);
  return (
    <MeshCard
      title={t('cards.request')}
      action={asked ? <CopyLink /> : undefined}
      footer={
        <SourceFooter source="computed" at={at}>
          Computed from the objects, as the caller’s proxy sees them. Nothing is
          sent.
        </SourceFooter>
      }
    >
      {draft ? (
        <RequestForm
          // What is being typed stays while the page asks anew for everything else.
          key={asked ? JSON.stringify(asked) : 'proposed'}
          initial={draft}
          callers={listCallers(mesh, exposure.data?.items ?? [], draft.caller)}
          clusters={mesh.clusters.map(({ name }) => name)}
          onAsk={ask}
        />
      ) : (
        <p className={text.muted}>
          No Service belongs to this component, so nothing can be asked for it.
        </p>
      )}
      {question && answer.isPending && (
        <LinesSkeleton lines={5} label="Following the request" />
      )}
      {answer.error && (
        <ErrorNote
          what="The answer"
          error={answer.error}
          onRetry={() => answer.refetch()}
        />
      )}
      {answer.data && (
        <Answer
          {...presentAnswer(answer.data.answer, {
            ...mesh,
            cluster: answer.data.cluster.name,
          })}
        />
      )}
    </MeshCard>
  );
}

function withCluster(
  asked: RequestDraft,
  draft: RequestDraft | undefined,
): RequestDraft {
  return asked.cluster ? asked : { ...asked, cluster: draft?.cluster ?? '' };
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      setCopied(true);
    } catch {
      // Browsers leave the clipboard out on pages that are not served securely; the address bar has it.
      setCopied(false);
    }
  };
  return (
    <button type="button" className={text.button} onClick={copy}>
      {copied ? 'Link copied' : 'Copy link'}
    </button>
  );
}

function Answer(props: ReturnType<typeof presentAnswer>) {
  const { tone, verdict, steps } = props;
  return (
    <div role="status" className={styles.answer}>
      <Note tone={tone}>
        <strong>{verdict}</strong>
      </Note>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          // Steps have no identity but their place on the way.
          <Step key={`${index}:${step.title}`} step={step} />
        ))}
      </ol>
    </div>
  );
}

const LOOKS = {
  passed: { shape: 'dash', tone: 'quiet', word: 'Passed over' },
  taken: { shape: 'tick', tone: 'ok', word: 'In force' },
  problem: { shape: 'octagon', tone: 'bad', word: 'Problem' },
  note: { shape: 'info', tone: 'quiet', word: 'Note' },
} as const;

function Step(props: { step: RequestStep }) {
  const { step } = props;
  const { shape, tone, word } = LOOKS[step.state];
  return (
    <li className={styles.step}>
      <StatusShape shape={shape} tone={tone} />
      <div className={styles.stepText}>
        <span className={text.hidden}>{word}: </span>
        <span className={step.state === 'passed' ? text.muted : undefined}>
          {step.title}
        </span>
        {(step.detail || step.object) && (
          <span className={text.second}>
            {step.detail}{' '}
            {step.object && (
              <>
                <ObjectLink
                  object={step.object}
                  fieldPath={step.fieldPath}
                  showPath={false}
                />{' '}
                {step.fieldPath}
              </>
            )}
          </span>
        )}
      </div>
    </li>
  );
}
