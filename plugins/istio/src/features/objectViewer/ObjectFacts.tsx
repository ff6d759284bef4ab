import type { ObjectView } from '@istio-backstage/plugin-istio-common';
import { Age, EntityLink, StatusLabel, Tag } from '../../components';
import text from '../../components/text.module.css';
import { presentManager } from './presentObjectView';
import styles from './objectViewer.module.css';

/** Where the object is, how old it and the copy of it are, who manages it, whom it concerns. */
export function ObjectFacts(props: { view: ObjectView }) {
  const { view } = props;
  return (
    <dl className={styles.facts}>
      <Fact term="Cluster">
        <Tag>{view.cluster}</Tag>
      </Fact>
      {view.createdAt && (
        <Fact term="Created">
          <Age at={view.createdAt} />
        </Fact>
      )}
      <Fact term="Managed by">
        <Managers managers={view.managedBy} />
      </Fact>
      <Fact term="Concerns">
        <Concerned entityRefs={view.entityRefs} />
      </Fact>
      <Fact term="Seen">
        {view.state === 'stale' ? (
          <StatusLabel status="stale">
            Stale{view.asOf && ', '}
            {view.asOf && <Age at={view.asOf} />}
            {view.message && `: ${view.message}`}
          </StatusLabel>
        ) : (
          <>
            by the cluster’s watch{view.asOf && ', alive '}
            {view.asOf && <Age at={view.asOf} />}
          </>
        )}
      </Fact>
    </dl>
  );
}

function Fact(props: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Managers(props: { managers: ObjectView['managedBy'] }) {
  const { managers } = props;
  if (managers.length === 0) {
    return <span className={text.muted}>The object does not say</span>;
  }
  return (
    <ul>
      {managers.map(manager => {
        const { who, source } = presentManager(manager);
        return (
          <li key={`${manager.from}/${manager.who}`}>
            {who}{' '}
            <span className={text.muted}>
              {source}
              {manager.at && ' '}
              {manager.at && <Age at={manager.at} />}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** More components than this are counted only. */
const SHOWN = 5;

function Concerned(props: { entityRefs: readonly string[] }) {
  const { entityRefs } = props;
  if (entityRefs.length === 0) {
    return <span className={text.muted}>No component of yours</span>;
  }
  return (
    <>
      {entityRefs.slice(0, SHOWN).map((entityRef, index) => (
        <span key={entityRef}>
          {index > 0 && ', '}
          <EntityLink entityRef={entityRef} mesh />
        </span>
      ))}
      {entityRefs.length > SHOWN && ` and ${entityRefs.length - SHOWN} more`}
    </>
  );
}
