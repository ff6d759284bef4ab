import {
  formatList,
  type GoldenSignals,
  type HealthThresholds,
} from '@istio-backstage/plugin-istio-common';
import {
  Sparkline,
  StatusLabel,
  presentClock,
  presentSpan,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { presentSignals } from './presentSignals';
import type { SignalRow } from './presentSignals';
import styles from './overview.module.css';

/** Rate, errors and latency: before and now, with the course between as a small line. */
export function SignalsTable(props: {
  answer: GoldenSignals;
  thresholds?: HealthThresholds;
}) {
  const { answer, thresholds } = props;
  const from = Date.parse(answer.from) / 1000;
  const to = Date.parse(answer.to) / 1000;
  const changes = answer.changes.filter(
    ({ at }) => at > answer.from && at < answer.to,
  );
  const marks = changes.map(change => Date.parse(change.at) / 1000);
  if (!hasValues(answer)) {
    return (
      <p>
        <StatusLabel status="noRequests" plainText wrap>
          No proxy of this component reported a request in the last{' '}
          {presentSpan(to - from)}, so there is no course to show.
        </StatusLabel>
      </p>
    );
  }
  const hasBefore = answer.signals.some(({ before }) => before !== undefined);
  return (
    <table className={`${tables.table} ${tables.tight} ${styles.signals}`}>
      <thead>
        <tr>
          <th scope="col">Inbound</th>
          <th scope="col" className={styles.course}>
            Last {presentSpan(to - from)}
            {describeMarks(changes.map(change => change.at))}
          </th>
          {hasBefore && (
            <th scope="col" className={tables.number}>
              {describeBefore(answer)}
            </th>
          )}
          <th scope="col" className={tables.number}>
            Now
          </th>
        </tr>
      </thead>
      <tbody>
        {presentSignals(answer, thresholds).map(row => (
          <SignalTableRow
            key={row.signal}
            row={row}
            from={from}
            to={to}
            marks={marks}
            hasBefore={hasBefore}
          />
        ))}
      </tbody>
    </table>
  );
}

function SignalTableRow(props: {
  row: SignalRow;
  /** Epoch seconds of the edges and of the changes. */
  from: number;
  to: number;
  marks: readonly number[];
  hasBefore: boolean;
}) {
  const { row, from, to, marks, hasBefore } = props;
  return (
    <tr>
      <th scope="row">
        {row.name}{' '}
        <span className={`${text.muted} ${styles.unit}`}>{row.note}</span>
      </th>
      <td>
        <Sparkline
          points={row.points}
          from={from}
          to={to}
          marks={marks}
          label={row.label}
          alarming={row.alarming}
        />
      </td>
      {hasBefore && (
        <td className={`${tables.number} ${text.muted}`}>{row.before}</td>
      )}
      <td className={tables.number}>
        {row.alarming ? (
          <strong className={styles.alarming}>{row.now}</strong>
        ) : (
          row.now
        )}
      </td>
    </tr>
  );
}

function describeBefore({ comparedWith }: GoldenSignals): string {
  return comparedWith.kind === 'change'
    ? 'Before'
    : `${presentSpan(comparedWith.seconds)} ago`;
}

function hasValues(answer: GoldenSignals): boolean {
  return answer.signals.some(
    ({ now, points }) =>
      now !== undefined || points.some(([, value]) => value !== null),
  );
}

/** What the marks in the lines stand for; more than three are too many to name. */
function describeMarks(times: readonly string[]): string {
  if (times.length === 0) return '';
  if (times.length > 3) return `, dashed lines: ${times.length} changes`;
  const names = formatList([...times].sort().map(presentClock));
  return times.length === 1
    ? `, dashed line: change at ${names}`
    : `, dashed lines: changes at ${names}`;
}
