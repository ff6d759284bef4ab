import type { IntentDefinition } from '../types';
import { compileWhoMayCall } from './compile';
import { recogniseWhoMayCall } from './recognise';
import { whoMayCallParamsSchema, type WhoMayCallParams } from './schema';
import { verifyWhoMayCall } from './verify';
import { describeRulesOf } from './words';

/** Which callers a component lets in, and which it keeps out. */
export const whoMayCall: IntentDefinition<'whoMayCall', WhoMayCallParams> = {
  type: 'whoMayCall',
  params: whoMayCallParamsSchema,
  subject: ({ service }) => service,
  describe: describeRulesOf,
  targets: ({ namespace, service }) => [
    { kind: 'service', namespace, name: service },
  ],
  compile: compileWhoMayCall,
  recognise: recogniseWhoMayCall,
  sharesRequests: false,
  comparesWithEarlier: true,
  verify: verifyWhoMayCall,
};
