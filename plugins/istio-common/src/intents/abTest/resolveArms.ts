import type { CompileProblem } from '../types';
import { isSameWho, type ArmBlock, type PresentArm } from './armBlock';
import type { AbTestParams, Arm, Sticky } from './schema';
import type { WantedVersion } from './versionEntries';

/** An arm as it shall stand; `present` where a rule of the object is it already. */
export interface ResolvedArm extends Arm {
  present?: PresentArm;
  /** Its parameter, for problems. */
  field: string;
}

/** The arms afterwards, in order, and what is different from before. */
export interface ResolvedArms {
  arms: ResolvedArm[];
  ended: Arm[];
  sticky?: Sticky;
}

/** Puts the arms that are asked for beside those that are there. */
export function resolveArms(
  params: AbTestParams,
  block: Pick<ArmBlock, 'arms' | 'sticky'>,
): ResolvedArms {
  const asked = params.arms.map((arm, index) => ({
    ...arm,
    field: `arms[${index}]`,
    present: block.arms.find(({ who }) => isSameWho(who, arm.who)),
  }));
  const others = block.arms.filter(
    arm => !asked.some(({ present }) => present === arm),
  );
  if (params.otherArms === 'end') {
    return { arms: asked, ended: others, sticky: params.sticky };
  }
  // What is there goes on getting its requests: new arms come after it.
  const kept = block.arms.map(
    (arm): ResolvedArm =>
      asked.find(({ present }) => present === arm) ?? {
        ...arm,
        present: arm,
        field: 'arms',
      },
  );
  return {
    arms: [...kept, ...asked.filter(({ present }) => !present)],
    ended: [],
    sticky: params.sticky ?? block.sticky,
  };
}

/** Arms that say the same, and settings that exclude each other. */
export function checkArms(params: AbTestParams): CompileProblem[] {
  const { arms, sticky, everybodyElse } = params;
  const twice = arms.flatMap(({ who }, index) => {
    const first = arms.findIndex(each => isSameWho(each.who, who));
    return first < index
      ? [
          {
            field: `arms[${index}].who`,
            message: `is the same as arms[${first}].who, which takes these requests first`,
          },
        ]
      : [];
  });
  return sticky && everybodyElse
    ? [
        ...twice,
        {
          field: 'sticky',
          message: `needs shares to remember, and everybody else shall go to ${everybodyElse}; allowed: one of the two`,
        },
      ]
    : twice;
}

/** Versions that need a destination which no rule has yet, or has elsewhere. */
export function wantedVersions(
  params: AbTestParams,
  { arms }: ResolvedArms,
): WantedVersion[] {
  const { everybodyElse } = params;
  return [
    ...arms
      .filter(({ present, version }) => present?.version !== version)
      .map(({ version, field }) => ({
        key: version,
        field: `${field}.version`,
      })),
    ...(everybodyElse === undefined
      ? []
      : [{ key: everybodyElse, field: 'everybodyElse' }]),
  ];
}
