import type {
  AuthorizationResponse,
  PlacedAnswer,
} from '@istio-backstage/plugin-istio-common';
import {
  DecidedByText,
  Note,
  ObjectLink,
  presentStatus,
} from '../../components';
import text from '../../components/text.module.css';
import {
  decisionLook,
  presentCaller,
  presentReason,
  presentRules,
  presentVerdict,
} from './presentAnswer';
import styles from './security.module.css';

const TONES = { bad: 'bad', warn: 'warn', quiet: 'quiet' } as const;

/** The decision in a sentence, what decided it, and what was looked at on the way. */
export function AnswerView(props: {
  answer: AuthorizationResponse;
  name: string;
}) {
  const { answer, name } = props;
  const { status, lead } = decisionLook(answer.decision);
  const { shape, tone } = presentStatus(status);
  const alone = answer.answers.length === 1;
  const noteTone =
    tone === 'bad' || tone === 'warn' || tone === 'quiet'
      ? TONES[tone]
      : 'info';
  return (
    <section aria-label="Answer" data-testid="authorization-answer">
      <Note tone={noteTone} shape={shape}>
        <strong>{lead}.</strong>{' '}
        {answer.answers.map(one => (
          <span key={`${one.clusters.join()}/${one.workloads.join()}`}>
            {presentReason(one, { component: name, alone })}{' '}
          </span>
        ))}
        {answer.unknown.length > 0 && (
          <span>Not asked: {answer.unknown.join('; ')}.</span>
        )}
      </Note>
      <p className={`${text.small} ${text.muted}`}>
        {presentCaller(answer.caller)}
        {answer.port !== undefined && `, to port ${answer.port}`}
      </p>
      {answer.answers.map(one => (
        <Steps
          key={`${one.clusters.join()}/${one.workloads.join()}`}
          answer={one}
          alone={alone}
        />
      ))}
    </section>
  );
}

function Steps(props: { answer: PlacedAnswer; alone: boolean }) {
  const { answer, alone } = props;
  return (
    <ol className={styles.steps}>
      {!alone && (
        <li>
          <strong>{answer.workloads.join(', ')}</strong> in{' '}
          {answer.clusters.join(', ')}
        </li>
      )}
      {answer.considered.length === 0 && (
        <li>
          {answer.enforcedBy === 'none'
            ? 'No proxy asks policies here'
            : 'No policy was asked'}
        </li>
      )}
      {answer.considered.map(verdict => (
        <li key={JSON.stringify(verdict.policy)}>
          {presentVerdict(verdict)}{' '}
          {verdict.policy.by === 'object' && (
            <ObjectLink
              object={verdict.policy.object}
              fieldPath={verdict.policy.fieldPath}
              showKind={false}
              showPath={false}
            />
          )}
          {verdict.why && (
            <span className={text.second}>{presentRules(verdict.why)}</span>
          )}
        </li>
      ))}
      {answer.decidedBy.map(decision => (
        <li key={JSON.stringify(decision)}>
          <strong>Decided by</strong> <DecidedByText decidedBy={decision} />
        </li>
      ))}
      {!answer.proven && (
        <li className={text.muted}>
          This follows Istio’s code and was not compared with a running{' '}
          {answer.enforcedBy}.
        </li>
      )}
    </ol>
  );
}
