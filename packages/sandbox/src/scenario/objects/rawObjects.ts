import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { ScenarioObject } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';
import { managedBy } from './managedFields';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A hand-written object as the API server keeps it: times, managedFields, kubectl's note. */
export function rawObject(
  entry: ScenarioObject,
  times: WorldTimes,
): KubeObject {
  const changed = entry.changed ?? entry.created;
  const written = entry.object as unknown as KubeObject;
  const annotations: Record<string, string> = {
    ...written.metadata.annotations,
  };
  if (entry.manager === 'kubectl-client-side-apply') {
    annotations[LAST_APPLIED] = `${JSON.stringify(written)}\n`;
  }
  const object: KubeObject = {
    ...written,
    metadata: {
      ...written.metadata,
      annotations,
      creationTimestamp: timestamp(momentOf(times, entry.created)),
      generation: 1 + entry.earlier.length,
    },
  };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: [
        managedBy(object, {
          manager: entry.manager,
          operation: entry.operation,
          time: timestamp(momentOf(times, changed)),
        }),
      ],
    },
  };
}

/** Contents of an object over time, oldest first: the first since its creation, the last in force at the start. */
export function contentsOf(
  entry: ScenarioObject,
  times: WorldTimes,
): { at: number; object: KubeObject }[] {
  const current = rawObject(entry, times);
  const earlier = entry.earlier.map(({ changed, spec }) => ({
    at: momentOf(times, changed),
    object: { ...current, spec },
  }));
  earlier.sort((a, b) => a.at - b.at);
  const last = momentOf(times, entry.changed ?? entry.created);
  const contents = [...earlier, { at: last, object: current }];
  contents[0] = { ...contents[0], at: momentOf(times, entry.created) };
  return contents;
}
