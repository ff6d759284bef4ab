import { abTest } from './abTest/intent';
import { applyFixIntent } from './applyFix/intent';
import { circuitBreaker } from './circuitBreaker/intent';
import { shiftTraffic } from './shiftTraffic/intent';
import { timeoutsAndRetries } from './timeoutsAndRetries/intent';

/** Every intent. One line each; its folder holds the rest. */
export const INTENTS = [
  shiftTraffic,
  abTest,
  timeoutsAndRetries,
  circuitBreaker,
  applyFixIntent,
] as const;
