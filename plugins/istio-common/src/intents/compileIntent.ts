import type { MeshSnapshot } from '../snapshot/types';
import { bindIntent } from './bindIntent';
import type { Intent } from './intent';
import type { CompileResult } from './types';

/** See {@link BoundIntent.compile}. Pure; never throws. */
export function compileIntent(options: {
  intent: Intent;
  snapshot: MeshSnapshot;
}): CompileResult {
  return bindIntent(options.intent).compile(options.snapshot);
}
