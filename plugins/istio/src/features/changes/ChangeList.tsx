import { Link } from 'react-router-dom';
import type { Change } from '@istio-backstage/plugin-istio-common';
import {
  LoadMore,
  MeshCard,
  type MorePages,
  SourceFooter,
  StatusLabel,
  presentClock,
  presentFullTime,
  useNow,
} from '../../components';
import text from '../../components/text.module.css';
import { presentWho } from './external/presentExternal';
import { groupChangesByDay, type ChangeDay } from './groupChangesByDay';
import styles from './changes.module.css';

const DAY_MS = 86_400_000;

function Entry(props: { change: Change; isSelected: boolean; search: string }) {
  const { change, isSelected, search } = props;
  return (
    <li className={`${styles.entry} ${isSelected ? styles.selected : ''}`}>
      <time
        className={styles.time}
        dateTime={change.createdAt}
        title={presentFullTime(change.createdAt)}
      >
        {presentClock(change.createdAt)}
      </time>
      <div className={styles.what}>
        <Link
          className={text.link}
          to={{ search }}
          aria-current={isSelected ? 'true' : undefined}
        >
          {change.title}
        </Link>
        <span className={styles.second}>{presentWho(change)}</span>
      </div>
      <div className={styles.state}>
        <StatusLabel status={change.state} />
      </div>
    </li>
  );
}

function Day(props: {
  day: ChangeDay;
  selectedId?: string;
  searchOf: (id: string) => string;
}) {
  const { day, selectedId, searchOf } = props;
  return (
    <section aria-label={day.title}>
      <h3 className={styles.day}>{day.title}</h3>
      <ul>
        {day.changes.map(change => (
          <Entry
            key={change.id}
            change={change}
            isSelected={change.id === selectedId}
            search={searchOf(change.id)}
          />
        ))}
      </ul>
    </section>
  );
}

/** The log as a list, by day, newest first. */
export function ChangeList(props: {
  title?: string;
  changes: Change[];
  selectedId?: string;
  /** URL search that selects a change. */
  searchOf: (id: string) => string;
  more?: MorePages;
}) {
  const { title = 'Changes', changes, selectedId, searchOf, more } = props;
  // Headings change at midnight UTC only.
  const today = useNow(now => Math.floor(now / DAY_MS) * DAY_MS);
  return (
    <MeshCard
      title={title}
      flush
      footer={
        <SourceFooter source="record">
          Made through the portal, or seen by its watches
        </SourceFooter>
      }
    >
      <div className={styles.days}>
        {groupChangesByDay(changes, today).map(day => (
          <Day
            key={day.key}
            day={day}
            selectedId={selectedId}
            searchOf={searchOf}
          />
        ))}
      </div>
      <LoadMore more={more} />
    </MeshCard>
  );
}
