import { abTest } from './abTest/intent';
import { applyFixIntent } from './applyFix/intent';
import { circuitBreaker } from './circuitBreaker/intent';
import { mtlsMode } from './mtlsMode/intent';
import { shiftTraffic } from './shiftTraffic/intent';
import { timeoutsAndRetries } from './timeoutsAndRetries/intent';
import { whoMayCall } from './whoMayCall/intent';

/** Every intent. One line each; its folder holds the rest. */
export const INTENTS = [
  shiftTraffic,
  abTest,
  timeoutsAndRetries,
  circuitBreaker,
  mtlsMode,
  whoMayCall,
  applyFixIntent,
] as const;
