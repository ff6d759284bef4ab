import * as fc from 'fast-check';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { compareAnswers, Comparison } from '../world/compareAnswers';
import type { Oracle } from '../world/Oracle';
import type { RunSizes } from '../world/runSize';
import { withoutInvalid, World } from '../world/World';
import { askBoth } from './askBoth';
import { NAMESPACES, PODS } from './base';
import type { RouteQuestion } from './questions';
import { meshConfig } from './surroundings';

/** A world with the questions that are asked about it. */
export interface AskedWorld {
  world: World;
  questions: RouteQuestion[];
}

/** Worlds of these parts among the pods that ask, each with as many questions. */
export const askedWorlds = (options: {
  parts: fc.Arbitrary<KubeObject[][]>;
  questions: fc.Arbitrary<RouteQuestion>;
  count: number;
  /** Objects of every world beside namespaces and pods. */
  always?: readonly KubeObject[];
}): fc.Arbitrary<AskedWorld> => {
  const { parts, questions, count, always = [] } = options;
  return fc
    .record({
      parts,
      meshConfig,
      questions: fc.array(questions, { minLength: count, maxLength: count }),
    })
    .map(({ parts: lists, meshConfig: config, questions: asked }) => ({
      world: {
        objects: [
          ...NAMESPACES,
          ...PODS,
          ...always,
          ...withoutInvalid(lists.flat()),
        ],
        meshConfig: config,
      },
      questions: asked,
    }));
};

/** Asks both where each request of each world goes. */
export function compareRoutes(
  oracle: Oracle,
  options: { worlds: fc.Arbitrary<AskedWorld>; size: RunSizes },
): Promise<Comparison> {
  return compareAnswers<World, RouteQuestion>({
    subject: 'route',
    size: options.size,
    arbitrary: options.worlds,
    tally: given => (given as { outcome: string }).outcome,
    ask: (world, questions) => askBoth(oracle, world, questions),
  });
}
