import type { IntentDefinition } from '../types';
import { compileAbTest } from './compile';
import { recogniseAbTest } from './recognise';
import { abTestParamsSchema, type AbTestParams } from './schema';
import { verifyAbTest } from './verify';
import { describeTest } from './words';

/** Who gets which version of a Service. */
export const abTest: IntentDefinition<'abTest', AbTestParams> = {
  type: 'abTest',
  params: abTestParamsSchema,
  subject: ({ service }) => service,
  describe: describeTest,
  targets: ({ namespace, service, route }) => [
    { kind: 'service', namespace, name: service },
    ...(route ? [{ kind: 'route' as const, route }] : []),
  ],
  compile: compileAbTest,
  recognise: recogniseAbTest,
  sharesRequests: false,
  comparesWithEarlier: true,
  verify: verifyAbTest,
};
