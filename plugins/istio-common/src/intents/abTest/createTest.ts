import type { Fields } from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { MESH_GATEWAY } from '../../resources/virtualService';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  buildVirtualService,
  checkCreatable,
} from '../routing/createVirtualService';
import { findVersions } from '../routing/findVersions';
import { definedSubsets, planSubsets } from '../routing/planSubsets';
import type { CompileProblem, CompileResult } from '../types';
import { writeWho } from './armBlock';
import { checkWho } from './checkWho';
import { checkArms, resolveArms, wantedVersions } from './resolveArms';
import type { AbTestParams } from './schema';
import { virtualServiceMatch } from './virtualServiceMatch';
import { titleOfTest } from './words';

/** The first VirtualService of a Service: the arms, and everybody else below them. */
export function createTest(options: {
  params: AbTestParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const { arms, everybodyElse } = params;
  const service = { namespace: params.namespace, name: params.service };
  const place = { snapshot, service };
  const missing = checkCreatable(snapshot, service);
  const problems = missing ? [missing] : checkFirst(params, snapshot);
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const versions = findVersions(snapshot, service);
  const allowed = [
    ...new Set([...definedSubsets(place), ...versions.map(({ key }) => key)]),
  ];
  const wanted = wantedVersions(params, resolveArms(params, { arms: [] }));
  const unknown = wanted.filter(({ key }) => !allowed.includes(key));
  if (unknown.length > 0) {
    return {
      ok: false,
      problems: unknown.map(({ key, field }) => ({
        field,
        message: `${key} is no version of ${service.name}; allowed: ${
          allowed.join(', ') ||
          'none, no label tells versions apart among its workloads'
        }`,
      })),
    };
  }
  const subsets = planSubsets(
    place,
    versions.filter(({ key }) => wanted.some(each => each.key === key)),
  );
  if ('problem' in subsets) {
    return { ok: false, problems: [subsets.problem] };
  }
  const host = serviceHost(service, snapshot.domain);
  return {
    ok: true,
    desired: [
      ...(subsets.desired ? [subsets.desired] : []),
      buildVirtualService({ service, host, http: rulesOf(params, host) }),
    ],
    removed: [],
    keptAsIs: [],
    title: titleOfTest({ arms, ended: [], left: arms.length, everybodyElse }),
  };
}

function checkFirst(
  params: AbTestParams,
  snapshot: MeshSnapshot,
): CompileProblem[] {
  const { arms, everybodyElse, sticky } = params;
  return [
    ...checkArms(params),
    ...checkWho({
      params,
      place: { kind: 'VirtualService', gateways: [MESH_GATEWAY] },
      snapshot,
    }),
    ...(arms.length === 0 && everybodyElse === undefined
      ? [{ field: 'arms', message: 'must name an arm: no route exists yet' }]
      : []),
    ...(sticky && !everybodyElse
      ? [
          {
            field: 'sticky',
            message:
              'needs a route that shares requests out, and none exists yet; shift traffic first',
          },
        ]
      : []),
  ];
}

function rulesOf(
  { arms, everybodyElse }: AbTestParams,
  host: string,
): Fields[] {
  const to = (subset: string | undefined) => [
    { destination: { host, ...(subset !== undefined && { subset }) } },
  ];
  return [
    ...arms.map(({ who, version }) => {
      const written = writeWho(virtualServiceMatch, {}, who);
      return {
        match: 'matches' in written ? written.matches : [],
        route: to(version),
      };
    }),
    { route: to(everybodyElse) },
  ];
}
