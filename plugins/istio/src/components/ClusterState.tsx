import type { ClusterStatus } from '@istio-backstage/plugin-istio-common';
import { Age } from './Age';
import { StatusLabel } from './StatusLabel';
import { presentStatus } from './presentStatus';
import { Note } from './Note';
import { asSentence } from './presentFreshness';
import { presentClock } from './presentTime';

/** How current a cluster's data is: "Fresh, 4 s ago", "Stale, 7 min ago". */
export function ClusterState(props: { cluster: ClusterStatus }) {
  const { state, asOf } = props.cluster;
  return (
    <StatusLabel status={state} plainText={state === 'fresh'}>
      {presentStatus(state).word}
      {asOf && (
        <>
          , <Age at={asOf} />
        </>
      )}
    </StatusLabel>
  );
}

/** One note per cluster that does not answer: what is shown instead, and what is off. */
export function StaleClusterNotes(props: {
  clusters: readonly ClusterStatus[];
}) {
  const silent = props.clusters.filter(
    ({ state }) => state === 'stale' || state === 'unreachable',
  );
  return (
    <>
      {silent.map(({ name, asOf, message }) => (
        <Note key={name} tone="quiet" shape={asOf ? 'clock' : 'question'}>
          <strong>{name}:</strong>{' '}
          {asSentence(message ?? 'The cluster does not answer')}{' '}
          {asOf
            ? `Shown as it was at ${presentClock(
                asOf,
              )} UTC. Changes to ${name} are off.`
            : `Nothing of ${name} is shown. Changes to it are off.`}
        </Note>
      ))}
    </>
  );
}
