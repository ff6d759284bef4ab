import { Button } from '@backstage/ui';
import type {
  AuthorizationResponse,
  ComponentSecurity,
} from '@istio-backstage/plugin-istio-common';
import {
  CopyText,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  SourceFooter,
  objectsAsOf,
} from '../../components';
import text from '../../components/text.module.css';
import { useAuthorization } from '../../data';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import { AnswerView } from './AnswerView';
import { QuestionForm } from './QuestionForm';
import { findProblem, toQuery } from './questionUrl';
import type { Question, useSecurityUrl } from './questionUrl';
import styles from './security.module.css';

/** "May A call this component with this request?"; the question is in the URL. */
export function AskCard(props: {
  entityRef: string;
  name: string;
  security: ComponentSecurity;
  clusters: readonly string[];
  url: ReturnType<typeof useSecurityUrl>;
  openIntent?: OpenIntent;
}) {
  const { entityRef, name, security, clusters, url, openIntent } = props;
  const t = useLabels();
  const { question } = url;
  return (
    <MeshCard
      title={t('cards.ask')}
      subtitle="AuthorizationPolicies"
      span={5}
      footer={
        <SourceFooter source="computed" at={objectsAsOf(security.clusters)}>
          Computed from the policies and what the caller’s proxy sends
        </SourceFooter>
      }
    >
      <QuestionForm
        name={name}
        security={security}
        question={question}
        onAsk={url.ask}
      />
      {question && !findProblem(question) ? (
        <Answer
          entityRef={entityRef}
          name={name}
          clusters={clusters}
          question={question}
          openIntent={openIntent}
        />
      ) : (
        <p className={`${text.small} ${text.muted}`}>
          Choose who calls. What is left open counts as not known, and the
          answer says when it depends on it.
        </p>
      )}
    </MeshCard>
  );
}

function Answer(props: {
  entityRef: string;
  name: string;
  clusters: readonly string[];
  question: Question;
  openIntent?: OpenIntent;
}) {
  const { entityRef, name, clusters, question, openIntent } = props;
  const answer = useAuthorization(entityRef, {
    ...toQuery(question),
    ...(clusters.length > 0 ? { clusters: [...clusters] } : {}),
  });
  if (answer.error) {
    return (
      <ErrorNote
        what="The answer"
        error={answer.error}
        onRetry={() => answer.refetch()}
      />
    );
  }
  return answer.data ? (
    <>
      <AnswerView answer={answer.data} name={name} />
      {openIntent && <AllowCaller answer={answer.data} onOpen={openIntent} />}
      <details className={styles.more}>
        <summary>Link to this question</summary>
        <CopyText text={globalThis.location.href} label="link" />
      </details>
    </>
  ) : (
    <LinesSkeleton lines={4} label="Loading the answer" />
  );
}

/** From "No" to the rule that would say yes, where the caller has an identity to name. */
function AllowCaller(props: {
  answer: AuthorizationResponse;
  onOpen: OpenIntent;
}) {
  const { answer, onOpen } = props;
  const { principal, name } = answer.caller;
  if (answer.decision !== 'deny' || !principal) return null;
  return (
    <div className={styles.act}>
      <Button
        size="small"
        variant="secondary"
        onPress={() => onOpen('whoMayCall', { caller: principal })}
      >
        Allow {name}
      </Button>
      <span className={text.second}>Opens a preview.</span>
    </div>
  );
}
