import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { checkRoutesService } from '../routing/checkRoutesService';
import { describeKept } from '../routing/describeKept';
import type { CompileProblem, CompileResult, RouteTarget } from '../types';
import {
  isBlockProblem,
  readArmBlock,
  withBlock,
  type ArmBlock,
} from './armBlock';
import { checkWho, placeOfRoute } from './checkWho';
import {
  checkArms,
  resolveArms,
  wantedVersions,
  type ResolvedArms,
} from './resolveArms';
import type { AbTestParams } from './schema';
import { takingKeys } from './stickyCookie';
import { planEntries } from './versionEntries';
import { titleOfTest } from './words';
import { writeArms, writeBase } from './writeArms';

/** Puts the arms right above the route that is there; every other rule stays the very same. */
export function editTest(options: {
  params: AbTestParams;
  route: RouteTarget;
  object: KubeObject;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, route, object, snapshot } = options;
  const { fieldPath, kind } = route;
  const block = readArmBlock({ object, fieldPath, domain: snapshot.domain });
  if (isBlockProblem(block)) {
    return refuse([block]);
  }
  const { base } = block;
  const foreign = checkRoutesService({
    rule: base,
    object,
    snapshot,
    params,
    fieldPath,
  });
  if (foreign) {
    return refuse([foreign]);
  }
  const problems = [
    ...checkArms(params),
    ...checkWho({ params, place: placeOfRoute(object, base), snapshot }),
  ];
  if (problems.length > 0) {
    return refuse(problems);
  }
  const resolved = resolveArms(params, block);
  const wanted = wantedVersions(params, resolved);
  const planned = planEntries({ params, object, snapshot, base, wanted });
  if ('problems' in planned) {
    return refuse(planned.problems);
  }
  const writing = { kind, block, resolved, planned };
  const arms = writeArms(writing);
  const rule = writeBase(writing, params.everybodyElse);
  if ('problem' in arms || 'problem' in rule) {
    return refuse(
      [arms, rule].flatMap(each => ('problem' in each ? [each.problem] : [])),
    );
  }
  return {
    ok: true,
    desired: [
      ...planned.destinationRules,
      withBlock(object, block, [...arms.rules, rule.rule]),
    ],
    removed: [],
    keptAsIs: describeKept({ object, rule: base }),
    title: titleOf(params, block, resolved),
  };
}

function refuse(problems: CompileProblem[]): CompileResult {
  return { ok: false, problems };
}

function titleOf(
  { everybodyElse }: AbTestParams,
  block: ArmBlock,
  { arms, ended, sticky }: ResolvedArms,
): string {
  const taking = takingKeys(block.base);
  const movesAll =
    everybodyElse !== undefined &&
    !(taking.length === 1 && taking[0] === everybodyElse);
  const sameSticky =
    sticky?.cookie === block.sticky?.cookie &&
    sticky?.maxAge === block.sticky?.maxAge;
  return titleOfTest({
    arms: arms.filter(({ present, version }) => present?.version !== version),
    ended,
    left: arms.length,
    ...(movesAll && { everybodyElse }),
    ...(!sameSticky && { sticky: sticky?.cookie ?? 'off' }),
  });
}
