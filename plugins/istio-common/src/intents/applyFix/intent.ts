import type { IntentDefinition } from '../types';
import { compileApplyFix } from './compile';
import { applyFixParamsSchema, type ApplyFixParams } from './schema';
import { verifyApplyFix } from './verify';

/** Mends a finding as its rule proposes. */
export const applyFixIntent: IntentDefinition<'applyFix', ApplyFixParams> = {
  type: 'applyFix',
  params: applyFixParamsSchema,
  subject: ({ object }) => object.name,
  describe: ({ code, title }) => `${title} (${code})`,
  targets: ({ object }) => [{ kind: 'object', object }],
  compile: compileApplyFix,
  recognise: () => ({
    ok: false,
    why: 'a mended object does not say what was wrong with it',
  }),
  sharesRequests: false,
  verify: verifyApplyFix,
};
