import { Fragment } from 'react';
import { Link } from 'react-router-dom';
import type {
  Change,
  ObjectRef,
  OperationOutcome,
} from '@istio-backstage/plugin-istio-common';
import { EntityLink, ObjectLink, presentFullTime } from '../../components';
import text from '../../components/text.module.css';
import { EmergencyFacts } from './EmergencyFacts';
import { ProposalLink } from './ProposalLink';
import { ApprovalFacts } from './ApprovalFacts';
import { ExternalFacts } from './external/ExternalFacts';
import { ticketHref } from './presentWords';
import styles from './changes.module.css';

/** Objects of a change, each once, however many clusters hold it. */
export function distinctObjects(change: Change): ObjectRef[] {
  const byName = new Map<string, ObjectRef>();
  for (const { object } of change.operations) {
    const key = [object.kind, object.namespace, object.name].join('/');
    if (!byName.has(key)) byName.set(key, object);
  }
  return [...byName.values()];
}

const UNSENT: OperationOutcome['outcome'][] = ['pending', 'notSent'];
const WAITING: Change['state'][] = [
  'planned',
  'awaitingApproval',
  'scheduled',
  'applying',
];

/** As whom the cluster hears, or heard, of the change; nobody's name where it heard nothing. */
function describeIdentity(change: Change): string {
  const { actsAs, operations, state, proposal } = change;
  if (proposal) {
    return `The portal writes to Git; ${proposal.owner} applies it`;
  }
  const who =
    actsAs && [actsAs.user, ...actsAs.groups].filter(Boolean).join(', ');
  if (who && operations.some(({ outcome }) => !UNSENT.includes(outcome))) {
    return `Acted in the cluster as ${who}`;
  }
  return who && WAITING.includes(state)
    ? `Acts in the cluster as ${who}`
    : 'Nothing was sent to a cluster';
}

function Who(props: { change: Change }) {
  const { requestedBy } = props.change;
  return (
    <>
      <EntityLink entityRef={requestedBy.entityRef} />
      {requestedBy.groups.map(group => (
        <Fragment key={group}>
          {', '}
          <EntityLink entityRef={group} />
        </Fragment>
      ))}
      <span className={styles.second}>{describeIdentity(props.change)}</span>
    </>
  );
}

function WhoAndWhy({ change }: { change: Change }) {
  return change.external ? (
    <ExternalFacts external={change.external} />
  ) : (
    <>
      <dt>Who</dt>
      <dd>
        <Who change={change} />
      </dd>
      <dt>Why</dt>
      <dd>{change.reason}</dd>
    </>
  );
}

function Ticket(props: { ticket: string }) {
  const { ticket } = props;
  const href = ticketHref(ticket);
  return href ? (
    <a
      className={text.link}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
    >
      {ticket}
    </a>
  ) : (
    <>{ticket}</>
  );
}

function Times({ change }: { change: Change }) {
  const { applyAt, expiresAt } = change;
  return (
    <>
      {applyAt && (
        <>
          <dt>Apply at</dt>
          <dd>{presentFullTime(applyAt)}</dd>
        </>
      )}
      {expiresAt && (
        <>
          <dt>Take back at</dt>
          <dd>{presentFullTime(expiresAt)}</dd>
        </>
      )}
    </>
  );
}

function Where(props: { change: Change }) {
  const { change } = props;
  const clusters = [
    ...new Set(change.operations.map(({ object }) => object.cluster)),
  ];
  return (
    <>
      {clusters.join(', ') || 'no cluster'}
      {distinctObjects(change).map(object => (
        <span
          key={`${object.kind}/${object.namespace}/${object.name}`}
          className={styles.second}
        >
          <ObjectLink object={object} />
        </span>
      ))}
    </>
  );
}

function OtherChange(props: { id: string; search: string }) {
  const { id, search } = props;
  return (
    <Link className={`${text.link} ${styles.mono}`} to={{ search }}>
      {id}
    </Link>
  );
}

/** Who, why, for which ticket, where, and what it has to do with other changes. */
export function ChangeFacts(props: {
  change: Change;
  searchOf: (id: string) => string;
}) {
  const { change, searchOf } = props;
  const { revertOf, revertedBy } = change;
  return (
    <dl className={styles.facts}>
      <WhoAndWhy change={change} />
      {change.ticket && (
        <>
          <dt>Ticket</dt>
          <dd>
            <Ticket ticket={change.ticket} />
          </dd>
        </>
      )}
      {change.breakGlass && <EmergencyFacts emergency={change.breakGlass} />}
      <Times change={change} />
      {change.approval && <ApprovalFacts approval={change.approval} />}
      {change.proposal && (
        <>
          <dt>In Git</dt>
          <dd>
            <ProposalLink proposal={change.proposal} />
          </dd>
        </>
      )}
      <dt>Where</dt>
      <dd>
        <Where change={change} />
      </dd>
      {revertOf && (
        <>
          <dt>Reverts</dt>
          <dd>
            <OtherChange id={revertOf} search={searchOf(revertOf)} />
          </dd>
        </>
      )}
      {revertedBy && (
        <>
          <dt>Reverted</dt>
          <dd>
            by <OtherChange id={revertedBy} search={searchOf(revertedBy)} />
          </dd>
        </>
      )}
    </dl>
  );
}
