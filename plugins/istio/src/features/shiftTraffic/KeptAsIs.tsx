import {
  formatList,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { Note, ObjectLink } from '../../components';

/** Settings of the route that this form leaves as they are, with the object that holds them. */
export function KeptAsIs(props: { route: TrafficRoute; keptAsIs?: string[] }) {
  const { route, keptAsIs } = props;
  const kept = keptAsIs ?? route.alsoSets;
  if (kept.length === 0) return null;
  return (
    <Note tone="quiet">
      <strong>Kept as it is:</strong> {formatList(kept)}. This form does not
      edit that.{route.object && ' See '}
      {route.object && (
        <ObjectLink
          object={route.object}
          fieldPath={route.fieldPath}
          showPath={false}
        />
      )}
    </Note>
  );
}
