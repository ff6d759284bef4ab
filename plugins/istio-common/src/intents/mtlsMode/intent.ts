import type { IntentDefinition } from '../types';
import { compileMtlsMode } from './compile';
import { recogniseMtlsMode } from './recognise';
import { mtlsModeParamsSchema, type MtlsModeParams } from './schema';
import { verifyMtlsMode } from './verify';
import { describeMode } from './words';

/** Whether pods accept encrypted connections only, both kinds, or plaintext only. */
export const mtlsMode: IntentDefinition<'mtlsMode', MtlsModeParams> = {
  type: 'mtlsMode',
  params: mtlsModeParamsSchema,
  subject: ({ service }) => service,
  describe: describeMode,
  targets: ({ namespace, service }) => [
    { kind: 'service', namespace, name: service },
  ],
  compile: compileMtlsMode,
  recognise: recogniseMtlsMode,
  sharesRequests: false,
  comparesWithEarlier: true,
  verify: verifyMtlsMode,
};
