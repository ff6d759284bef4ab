import {
  formatShare,
  type ClusterStatus,
  type ObjectRef,
  type TrafficSplit,
  type Version,
} from '@istio-backstage/plugin-istio-common';
import {
  MeshCard,
  ObjectLink,
  SourceFooter,
  objectsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';

/** "version=v1", or that nothing narrows the version down. */
function presentSelector(version: Version): string {
  const terms = Object.entries(version.selector).map(
    ([label, value]) => `${label}=${value}`,
  );
  return terms.join(', ') || 'all pods';
}

/** Istio's or the Gateway API's word for what makes the versions. */
function presentTerm(split: TrafficSplit): string {
  const kinds = new Set(split.versions.map(({ definedBy }) => definedBy?.kind));
  if (kinds.has('DestinationRule')) return 'subsets';
  return kinds.has('Service') ? 'backends' : 'version labels';
}

/** Observed share of a version on the primary route. */
function observedShare(split: TrafficSplit, key: string): string {
  const route = split.routes.find(({ id }) => id === split.primaryRouteId);
  const observed = route?.destinations.find(
    destination => destination.key === key,
  )?.observed;
  return observed === undefined ? 'none' : formatShare(observed);
}

/** The versions there are, their pods, and what they get now. */
export function VersionsCard(props: {
  split: TrafficSplit;
  clusters: readonly ClusterStatus[];
}) {
  const { split, clusters } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.versions')}
      subtitle={presentTerm(split)}
      footer={<VersionsFooter split={split} clusters={clusters} />}
    >
      {split.versions.length === 0 ? (
        <p className={text.muted}>
          No versions: no pod carries a version label and no object names one.
        </p>
      ) : (
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col" className={tables.number}>
                Pods ready
              </th>
              <th scope="col" className={tables.number}>
                Now
              </th>
            </tr>
          </thead>
          <tbody>
            {split.versions.map(version => (
              <VersionRow
                key={`${version.key}/${version.clusters.join()}`}
                version={version}
                share={observedShare(split, version.key)}
                everywhere={version.clusters.length >= clusters.length}
              />
            ))}
          </tbody>
        </table>
      )}
    </MeshCard>
  );
}

function VersionRow(props: {
  version: Version;
  share: string;
  /** It is in all clusters, so they need no mention. */
  everywhere: boolean;
}) {
  const { version, share, everywhere } = props;
  return (
    <tr>
      <td>
        <strong>{version.label}</strong>
        <span className={text.second}>{presentSelector(version)}</span>
        {!everywhere && (
          <span className={text.second}>{version.clusters.join(', ')}</span>
        )}
      </td>
      <td className={tables.number}>
        {version.podsReady} of {version.podsDesired}
      </td>
      <td className={tables.number}>{share}</td>
    </tr>
  );
}

/** Objects that make the versions, each once: they are the same in all clusters or have rows of their own. */
function VersionsFooter(props: {
  split: TrafficSplit;
  clusters: readonly ClusterStatus[];
}) {
  const { split, clusters } = props;
  const objects = new Map<string, ObjectRef>();
  for (const { definedBy } of split.versions) {
    if (definedBy) {
      const { kind, namespace, name } = definedBy;
      objects.set(`${kind}/${namespace}/${name}`, definedBy);
    }
  }
  return (
    <SourceFooter
      source={objects.size > 0 ? 'object' : 'computed'}
      at={objectsAsOf(clusters)}
    >
      {objects.size === 0
        ? 'From the pods’ labels: no object names versions'
        : [...objects].map(([key, object], index) => (
            <span key={key}>
              {index > 0 && ', '}
              <ObjectLink object={object} />
            </span>
          ))}
    </SourceFooter>
  );
}
