import { labelsOf } from '../../resources/fields';
import { matchesLabels } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot } from '../../snapshot/types';
import type { TelemetryPeer } from '../../telemetry/types';
import type { Alternative } from './schema';

/** Whether nothing but the caller decides. */
export function onlyBySource(alternative: Alternative): boolean {
  return alternative.every(
    ({ by }) => by === 'sourceNamespace' || by === 'sourceWorkload',
  );
}

/** A workload, as far as it is known. */
type Caller = Pick<TelemetryPeer, 'namespace' | 'workload'>;

/** Whether the alternative is for this caller. */
export function isCallerOf(
  alternative: Alternative,
  source: Caller,
  snapshots: readonly MeshSnapshot[],
): boolean {
  return alternative.every(condition => {
    switch (condition.by) {
      case 'sourceNamespace':
        return source.namespace === condition.namespace;
      case 'sourceWorkload':
        return labelsOfCaller(source, snapshots).some(labels =>
          matchesLabels(condition.labels, labels),
        );
      default:
        return false;
    }
  });
}

function labelsOfCaller(
  { namespace = '', workload = '' }: Caller,
  snapshots: readonly MeshSnapshot[],
): Record<string, string>[] {
  return snapshots.flatMap(snapshot =>
    (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap(kind => {
      const object = snapshot.get(kind, namespace, workload);
      return object ? [labelsOf(readWorkload(object).labels)] : [];
    }),
  );
}
