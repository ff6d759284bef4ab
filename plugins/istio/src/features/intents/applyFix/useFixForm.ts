import { useMemo, useState } from 'react';
import type {
  ComponentMesh,
  IntentOf,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import { silentClusters } from '../silentClusters';

/** Where and why; what is done says the finding. */
export function useFixForm(options: {
  mesh: ComponentMesh;
  finding: SharedFinding;
}) {
  const { mesh, finding } = options;
  const silent = silentClusters(mesh);
  const [picked, setPicked] = useState<string[]>();
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const choice = finding.clusters;
  const clusters = picked ?? choice.filter(name => !silent.includes(name));
  const key = clusters.join();
  const intent = useMemo(
    () => buildFixIntent(finding, key === '' ? [] : key.split(',')),
    [finding, key],
  );
  return {
    choice,
    clusters,
    silent,
    setClusters: setPicked,
    why,
    setWhy,
    intent,
    problem: clusters.length === 0 ? 'no cluster is chosen' : undefined,
  };
}

/** Undefined where nothing can be sent: no fix, no cluster, or an object without a namespace. */
function buildFixIntent(
  { code, object, path, fix }: SharedFinding,
  clusters: string[],
): IntentOf<'applyFix'> | undefined {
  const { namespace } = object;
  return fix && namespace && clusters.length > 0
    ? {
        type: 'applyFix',
        params: {
          clusters,
          code,
          object: { ...object, namespace },
          path,
          title: fix.title,
        },
      }
    : undefined;
}
