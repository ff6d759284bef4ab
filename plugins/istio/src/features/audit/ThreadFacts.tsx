import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import {
  openRequirements,
  type AuditThread,
} from '@istio-backstage/plugin-istio-common';
import { EntityLink, presentFullTime } from '../../components';
import text from '../../components/text.module.css';
import { presentWhose } from '../changes/presentApproval';
import changes from '../changes/changes.module.css';
import { presentAboutLog, presentActor, presentKind } from './presentAudit';

/** A person of the catalog as a link, anything else as it was written. */
function Person(props: { entityRef: string }) {
  const { entityRef } = props;
  return /^[^:]+:[^/]+\/./.test(entityRef) ? (
    <EntityLink entityRef={entityRef} inline />
  ) : (
    <>{presentActor(entityRef)}</>
  );
}

function Fact(props: { term: string; children: ReactNode }) {
  return (
    <>
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function Who(props: { thread: AuditThread }) {
  const { by, groups, address, actingUsers } = props.thread;
  const users = [...new Set(Object.values(actingUsers))];
  return (
    <>
      <Person entityRef={by} />
      {groups.map(group => (
        <Fragment key={group}>
          {', '}
          <Person entityRef={group} />
        </Fragment>
      ))}
      {users.length > 0 && (
        <span className={changes.second}>
          Acts in the cluster as {users.join(', ')}
        </span>
      )}
      {address && (
        <span className={changes.second}>From address {address}</span>
      )}
    </>
  );
}

function Decisions(props: { thread: AuditThread }) {
  const { decisions, approval } = props.thread;
  return (
    <>
      {decisions.map(({ seq, by, kind, at, reason }) => (
        <span key={seq} className={changes.approval}>
          {presentKind(kind)} by <Person entityRef={by} />,{' '}
          {presentFullTime(at)}
          {reason && <span className={changes.second}>{reason}</span>}
        </span>
      ))}
      {approval &&
        openRequirements(approval).map(index => (
          <span key={index} className={changes.approval}>
            Not given: {presentWhose(approval.requirements[index])}
            <span className={changes.second}>
              {approval.requirements[index].text}
            </span>
          </span>
        ))}
      {approval && (
        <span className={changes.second}>
          For plan{' '}
          <span className={text.mono}>{approval.hash.slice(0, 6)}</span>,
          guardrails <span className={text.mono}>{approval.policyVersion}</span>
        </span>
      )}
    </>
  );
}

function Where(props: { thread: AuditThread }) {
  const { operations, about } = props.thread;
  const clusters = [...new Set(operations.map(({ object }) => object.cluster))];
  const objects = [
    ...new Set(
      operations.map(
        ({ object }) =>
          `${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${
            object.name
          }`,
      ),
    ),
  ];
  return (
    <>
      {clusters.join(', ') || 'no cluster'}
      {objects.map(object => (
        <span key={object} className={changes.second}>
          {object}
        </span>
      ))}
      <span className={changes.second}>
        {/^[^:]+:[^/]+\/./.test(about) ? (
          <EntityLink entityRef={about} mesh />
        ) : (
          about
        )}
      </span>
    </>
  );
}

function OtherThread(props: {
  opId: string;
  searchOf: (opId: string) => string;
}) {
  const { opId, searchOf } = props;
  return (
    <Link
      className={`${text.link} ${text.mono}`}
      to={{ search: searchOf(opId) }}
    >
      {opId}
    </Link>
  );
}

/** Who, why, for which ticket, who agreed, where, and what it has to do with other operations. */
export function ThreadFacts(props: {
  thread: AuditThread;
  searchOf: (opId: string) => string;
}) {
  const { thread, searchOf } = props;
  const { revertOf, revertedBy } = thread;
  const isAboutLog = thread.about.startsWith('audit:');
  const why = thread.reason ?? presentAboutLog(thread.entries[0]);
  return (
    <dl className={changes.facts}>
      <Fact term="Who">
        <Who thread={thread} />
      </Fact>
      {why && <Fact term={isAboutLog ? 'What' : 'Why'}>{why}</Fact>}
      {thread.ticket && <Fact term="Ticket">{thread.ticket}</Fact>}
      {(thread.decisions.length > 0 || thread.approval) && (
        <Fact term="Decisions">
          <Decisions thread={thread} />
        </Fact>
      )}
      {thread.reviewBy && (
        <Fact term="Emergency">
          Review due by {presentFullTime(thread.reviewBy)}
        </Fact>
      )}
      {thread.applyAt && (
        <Fact term="Apply at">{presentFullTime(thread.applyAt)}</Fact>
      )}
      {thread.expiresAt && (
        <Fact term="Take back">{presentFullTime(thread.expiresAt)}</Fact>
      )}
      {!isAboutLog && (
        <Fact term="Where">
          <Where thread={thread} />
        </Fact>
      )}
      {revertOf && (
        <Fact term="Reverts">
          <OtherThread opId={revertOf} searchOf={searchOf} />
        </Fact>
      )}
      {revertedBy && (
        <Fact term="Reverted by">
          <OtherThread opId={revertedBy} searchOf={searchOf} />
        </Fact>
      )}
    </dl>
  );
}
