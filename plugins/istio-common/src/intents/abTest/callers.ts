import { labelsOf } from '../../resources/fields';
import { matchesLabels } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot } from '../../snapshot/types';
import type { RequestSample } from '../../telemetry/types';
import type { Alternative } from './schema';

/** Whether nothing but the caller decides. */
export function onlyBySource(alternative: Alternative): boolean {
  return alternative.every(
    ({ by }) => by === 'sourceNamespace' || by === 'sourceWorkload',
  );
}

/** Whether a request came from a caller that the alternative is for. */
export function isCaller(
  alternative: Alternative,
  { source }: RequestSample,
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
  { namespace = '', workload = '' }: RequestSample['source'],
  snapshots: readonly MeshSnapshot[],
): Record<string, string>[] {
  return snapshots.flatMap(snapshot =>
    (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap(kind => {
      const object = snapshot.get(kind, namespace, workload);
      return object ? [labelsOf(readWorkload(object).labels)] : [];
    }),
  );
}
