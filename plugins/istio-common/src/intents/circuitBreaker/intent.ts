import type { IntentDefinition } from '../types';
import { compileCircuitBreaker } from './compile';
import { recogniseCircuitBreaker } from './recognise';
import {
  circuitBreakerParamsSchema,
  type CircuitBreakerParams,
} from './schema';
import { verifyCircuitBreaker } from './verify';
import { describeBreaker } from './words';

/** How much callers may have open at once, and when a failing pod is left alone. */
export const circuitBreaker: IntentDefinition<
  'circuitBreaker',
  CircuitBreakerParams
> = {
  type: 'circuitBreaker',
  params: circuitBreakerParamsSchema,
  subject: ({ service }) => service,
  describe: describeBreaker,
  targets: ({ namespace, service }) => [
    { kind: 'service', namespace, name: service },
  ],
  compile: compileCircuitBreaker,
  recognise: recogniseCircuitBreaker,
  sharesRequests: false,
  comparesWithEarlier: true,
  verify: verifyCircuitBreaker,
};
