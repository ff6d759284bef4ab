import { serviceHost } from '../../resources/host';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  buildVirtualService,
  checkCreatable,
} from '../routing/createVirtualService';
import type { CompileResult } from '../types';
import { findVersions, type ServiceVersion } from '../routing/findVersions';
import { planSubsets } from '../routing/planSubsets';
import { resolveWeights } from './resolveWeights';
import type { ShiftTrafficParams } from './schema';
import { titleOfFirstSplit } from './title';
import { toPercents } from './weights';

/**
 * The first split of a Service: a VirtualService of its name and, where the host has none yet, a
 * DestinationRule with one subset per version found on the workloads behind it.
 */
export function createRoute(options: {
  params: ShiftTrafficParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const service = { namespace: params.namespace, name: params.service };
  const problem = checkCreatable(snapshot, service);
  if (problem) {
    return { ok: false, problems: [problem] };
  }
  const versions = findVersions(snapshot, service);
  if (versions.length === 0) {
    return refuse(
      `${snapshot.cluster}: no label tells versions apart among the workloads behind Service ${service.namespace}/${service.name}; give their pod templates a label "version"`,
    );
  }
  const weights = resolveWeights({
    requested: params.weights,
    present: versions.map(({ key, podsReady }) => ({
      key,
      counted: podsReady,
    })),
    addable: [],
    where: `Service ${service.namespace}/${service.name}`,
  });
  if ('problems' in weights) {
    return { ok: false, problems: weights.problems };
  }
  const subsets = planSubsets({ snapshot, service }, versions);
  if ('problem' in subsets) {
    return { ok: false, problems: [subsets.problem] };
  }
  const host = serviceHost(service, snapshot.domain);
  return {
    ok: true,
    desired: [
      ...(subsets.desired ? [subsets.desired] : []),
      buildVirtualService({
        service,
        host,
        http: [
          {
            route: weights.after.map(({ key, percent }) => ({
              destination: { host, subset: key },
              weight: percent,
            })),
          },
        ],
      }),
    ],
    removed: [],
    keptAsIs: [],
    title: titleOfFirstSplit(weights.after),
    shares: { before: shareOfPods(versions), after: weights.after },
  };
}

function refuse(message: string): CompileResult {
  return { ok: false, problems: [{ field: 'service', message }] };
}

/** Without a route the mesh spreads requests over the ready pods alike. */
function shareOfPods(versions: ServiceVersion[]) {
  const percents = toPercents(versions.map(({ podsReady }) => podsReady));
  return versions.map(({ key }, index) => ({ key, percent: percents[index] }));
}
