import type { ReactNode } from 'react';
import { Alert } from '@backstage/ui';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { ProposalLink } from '../ProposalLink';
import { isMoving, presentOutcome } from '../presentOutcome';
import styles from './follow.module.css';

/** What came out of a change and what to do about it; spoken when it changes. */
export function OutcomeNote(props: { change: Change; actions?: ReactNode }) {
  const { change, actions } = props;
  const outcome = presentOutcome(change);
  return (
    <div role="status" data-state={change.state}>
      <Alert
        status={outcome.status}
        icon
        isPending={
          isMoving(change) &&
          !['indeterminate', 'proposed'].includes(change.state)
        }
        title={outcome.title}
        description={
          <>
            {outcome.text}
            {change.proposal?.url && (
              <>
                {' '}
                <ProposalLink proposal={change.proposal} />.
              </>
            )}
            {outcome.whatToDo && (
              <p className={styles.what}>{outcome.whatToDo}</p>
            )}
          </>
        }
        customActions={actions}
      />
    </div>
  );
}
