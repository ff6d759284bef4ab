import type { MeshSnapshot } from '../snapshot/types';
import { compileShiftTraffic } from './shiftTraffic/compile';
import type { CompileResult, Intent, IntentType } from './types';

type CompilerOf<TType extends IntentType> = (options: {
  params: Extract<Intent, { type: TType }>['params'];
  snapshot: MeshSnapshot;
}) => CompileResult;

/** One line per intent. */
const COMPILERS: { [TType in IntentType]: CompilerOf<TType> } = {
  shiftTraffic: compileShiftTraffic,
};

/**
 * The objects ONE cluster shall hold so that the intent is fulfilled there, or the problems that
 * stand in the way, each with its field and what is allowed. Pure; never throws.
 */
export function compileIntent(options: {
  intent: Intent;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { intent, snapshot } = options;
  return COMPILERS[intent.type]({ params: intent.params, snapshot });
}
