import type { Change } from '@istio-backstage/plugin-istio-common';
import {
  EntityLink,
  StatusLabel,
  presentFullTime,
  useNow,
} from '../../components';
import styles from './changes.module.css';

const MINUTE_MS = 60_000;

/** That a change went past approval and freezes, and what came of its review. */
export function EmergencyFacts(props: {
  emergency: NonNullable<Change['breakGlass']>;
}) {
  const { reviewBy, review } = props.emergency;
  const now = useNow(time => Math.floor(time / MINUTE_MS) * MINUTE_MS);
  return (
    <>
      <dt>Emergency</dt>
      <dd>
        {review ? (
          <>
            {review.verdict === 'accepted' ? 'Accepted' : 'Objected to'} by{' '}
            <EntityLink entityRef={review.by} inline /> at{' '}
            {presentFullTime(review.at)}
            <span className={styles.second}>{review.reason}</span>
          </>
        ) : (
          <StatusLabel
            status={now > Date.parse(reviewBy) ? 'warn' : 'needsApproval'}
          >
            {now > Date.parse(reviewBy)
              ? `Review overdue since ${presentFullTime(reviewBy)}`
              : `To be reviewed until ${presentFullTime(reviewBy)}`}
          </StatusLabel>
        )}
      </dd>
    </>
  );
}
