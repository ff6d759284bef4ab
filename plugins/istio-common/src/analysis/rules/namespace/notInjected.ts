import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot } from '../../../snapshot/types';
import { CONTROLLER_KINDS } from '../../selectedWorkloads';
import { NEVER_INJECTED } from '../../selection/wantsSidecar';
import type { Rule } from '../../types';

const WISHES = [
  'istio-injection',
  'istio.io/rev',
  'istio.io/dataplane-mode',
] as const;
const OF_PODS = [...WISHES, 'sidecar.istio.io/inject'] as const;

/** Source: istio/istio analyzers/injection/injection.go. */
export const namespaceNotInjected: Rule = {
  code: 'ISB0812',
  name: 'namespace-not-in-mesh',
  title: 'A namespace says neither that it is in the mesh nor that it is not',
  severity: 'info',
  explanation:
    'No label of the namespace asks for sidecars or ambient mode, and none refuses them. Pods there run outside the mesh unless they ask for themselves.',
  remedy:
    'Label it istio-injection=enabled or istio.io/dataplane-mode=ambient to take it in, or istio-injection=disabled to say that it stays out.',
  equivalents: ['IST0102'],
  subjects: ['Namespace'],
  inputs: CONTROLLER_KINDS,
  reach: 'namespace',
  reachOf: { Namespace: 'object' },
  check({ metadata }, { snapshot }) {
    const { name, labels = {} } = metadata;
    if (
      name === snapshot.rootNamespace ||
      NEVER_INJECTED.has(name) ||
      WISHES.some(key => labels[key] !== undefined) ||
      allDecideThemselves(snapshot, name)
    ) {
      return [];
    }
    return [
      {
        message: `Nothing says whether ${name} is in the mesh: its pods run without proxy.`,
        path: 'metadata.labels',
      },
    ];
  },
};

function allDecideThemselves(snapshot: MeshSnapshot, name: string): boolean {
  const workloads = CONTROLLER_KINDS.flatMap(kind =>
    snapshot.inNamespace(kind, name),
  );
  return (
    workloads.length > 0 &&
    workloads.every(workload => {
      const { labels } = readWorkload(workload);
      return OF_PODS.some(key => labels[key] !== undefined);
    })
  );
}
