import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Button } from '@backstage/ui';
import { formatQuantity } from '@istio-backstage/plugin-istio-common';
import {
  LoadMore,
  MeshCard,
  type MorePages,
  SourceFooter,
  StatusLabel,
  presentFullTime,
  presentRefName,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import {
  presentActor,
  presentPositions,
  type AuditGroup,
} from './presentAudit';
import styles from './audit.module.css';

/** `14 Jul 2026` above `14:21:07 UTC`. */
function When(props: { at: string }) {
  const [day, clock] = presentFullTime(props.at).split(', ');
  return (
    <time dateTime={props.at} className={styles.when}>
      {day}
      <span className={text.second}>{clock}</span>
    </time>
  );
}

function Row(props: {
  group: AuditGroup;
  isSelected: boolean;
  search: string;
}) {
  const { group, isSelected, search } = props;
  const { clusters, objects, result } = group;
  return (
    <tr className={isSelected ? styles.selected : undefined}>
      <td>
        <When at={group.at} />
      </td>
      <th scope="row">
        <Link
          className={text.link}
          to={{ search }}
          aria-current={isSelected ? 'true' : undefined}
        >
          {group.title}
        </Link>
        <span className={`${text.second} ${styles.light}`}>
          {group.about.startsWith('audit:')
            ? 'the log itself'
            : presentRefName(group.about) || 'no component'}
          {`, ${
            group.entries.length === 1 ? 'entry' : 'entries'
          } ${presentPositions(group.entries.map(({ seq }) => seq))}`}
        </span>
      </th>
      <td>{presentActor(group.by)}</td>
      <td className={styles.wide}>
        {clusters.join(', ') || 'no cluster'}
        {objects.map(object => (
          <span key={object} className={text.second}>
            {object}
          </span>
        ))}
      </td>
      <td className={styles.wide}>
        <span className={styles.why}>{group.reason}</span>
        {group.ticket && <span className={text.second}>{group.ticket}</span>}
      </td>
      <td>
        {result && (
          <StatusLabel status={result.status}>{result.word}</StatusLabel>
        )}
      </td>
    </tr>
  );
}

const COLUMNS = [
  { name: 'When' },
  { name: 'What' },
  { name: 'Who' },
  { name: 'Where', isWide: true },
  { name: 'Why', isWide: true },
  { name: 'Result' },
];

function Rows(props: {
  groups: AuditGroup[];
  selected?: string;
  searchOf: (opId: string) => string;
}) {
  const { groups, selected, searchOf } = props;
  return (
    <table
      className={`${tables.table} ${tables.edge} ${
        selected ? styles.narrow : ''
      }`}
    >
      <thead>
        <tr>
          {COLUMNS.map(({ name, isWide }) => (
            <th
              key={name}
              scope="col"
              className={isWide ? styles.wide : undefined}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(group => (
          <Row
            key={group.opId}
            group={group}
            isSelected={group.opId === selected}
            search={searchOf(group.opId)}
          />
        ))}
      </tbody>
    </table>
  );
}

/** What was found, one row per operation; a row opens its whole thread. */
export function AuditTable(props: {
  groups: AuditGroup[];
  selected?: string;
  /** URL search that opens a thread. */
  searchOf: (opId: string) => string;
  none: ReactNode;
  more?: MorePages;
  onReadAgain: () => void;
}) {
  const { groups, selected, searchOf, none, more, onReadAgain } = props;
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <MeshCard
      title="Entries"
      subtitle={`${formatQuantity(
        count,
        'entry',
        'entries',
      )} of ${formatQuantity(groups.length, 'operation')}${
        more ? ', there are more' : ''
      }`}
      action={
        <Button size="small" variant="tertiary" onPress={onReadAgain}>
          Read again
        </Button>
      }
      flush
      footer={
        <SourceFooter source="record">
          Reading and exporting this log is itself recorded
        </SourceFooter>
      }
    >
      {groups.length === 0 && !more ? (
        <div className={styles.none}>{none}</div>
      ) : (
        <Rows groups={groups} selected={selected} searchOf={searchOf} />
      )}
      <LoadMore more={more} />
    </MeshCard>
  );
}
