import { routeParams } from '../routing/routeParams';
import { serviceOfRule } from '../routing/serviceOfRule';
import type { RecogniseOptions, Recognised } from '../types';
import { isBlockProblem, readArmBlock } from './armBlock';
import type { AbTestParams } from './schema';
import { takingKeys } from './stickyCookie';

/** Reads the arms above a route, hand-written ones included. */
export function recogniseAbTest(
  options: RecogniseOptions,
): Recognised<AbTestParams> {
  const { kind } = options.object;
  if (kind !== 'VirtualService' && kind !== 'HTTPRoute') {
    return {
      ok: false,
      why: `${kind} is not edited here; VirtualService and HTTPRoute are`,
    };
  }
  const block = readArmBlock(options);
  if (isBlockProblem(block)) {
    return { ok: false, why: block.message };
  }
  const service = serviceOfRule(options, block.base);
  if ('why' in service) {
    return { ok: false, why: service.why };
  }
  const taking = takingKeys(block.base);
  return {
    ok: true,
    params: {
      ...routeParams(options, { kind, service }),
      arms: block.arms.map(({ who, version }) => ({ who, version })),
      otherArms: 'end',
      ...(taking.length === 1 && { everybodyElse: taking[0] }),
      ...(block.sticky && { sticky: block.sticky }),
    },
  };
}
