import { performance } from 'node:perf_hooks';
import {
  IncrementalAnalysis,
  KindName,
  KubeObject,
  MeshSnapshot,
  withObjects,
} from '@istio-backstage/plugin-istio-common';
import { summarize } from '../report/percentiles';
import type { Figure } from '../types';

const CHANGES = 40;
const AIM = { value: 'p95', atMost: 20 };

/** Kinds that change in a running mesh. */
const KINDS: readonly KindName[] = [
  'VirtualService',
  'DestinationRule',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'Service',
  'Deployment',
  'Pod',
  'ServiceAccount',
  'Namespace',
];

/** How long findings take to be up to date again when one object changed, from the changed list on. */
export function measureRefresh(snapshot: MeshSnapshot): Figure[] {
  const startedAt = performance.now();
  const analysis = IncrementalAnalysis.create({ snapshot });
  const whole = performance.now() - startedAt;
  const count = analysis.result.findings.length;
  let current = snapshot;
  const refresh = (before: KubeObject, after: KubeObject) => {
    const changedAt = performance.now();
    current = withObjects(current, { replace: [after] });
    analysis.update({ snapshot: current }, [{ before, after }]);
    if (analysis.result.findings.length !== count) {
      throw new Error(
        `Findings changed with ${after.kind}, which they should not`,
      );
    }
    return performance.now() - changedAt;
  };
  return [
    {
      what: 'findings of the whole mesh',
      values: { once: whole },
      unit: 'ms',
      note: `${count} findings; the first analysis of a process, indexes included`,
    },
    ...KINDS.map(kind => ({
      what: `after one changed ${kind}`,
      values: summarize(
        Array.from({ length: CHANGES }, (_, index) => {
          const list = current.list(kind);
          const before = list[(index * 101) % list.length];
          return refresh(before, touch(before, index));
        }),
      ),
      unit: 'ms' as const,
      aim: AIM,
    })),
  ];
}

/** The object with another label: nothing that findings are about. */
function touch(object: KubeObject, index: number): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, 'bench/touched': String(index) },
    },
  };
}
