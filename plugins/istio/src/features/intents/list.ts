import { abTestForm } from './abTest/form';
import { applyFixForm } from './applyFix/form';
import { circuitBreakerForm } from './circuitBreaker/form';
import { mtlsModeForm } from './mtlsMode/form';
import { shiftTrafficForm } from './shiftTraffic/form';
import { timeoutsAndRetriesForm } from './timeoutsAndRetries/form';
import { whoMayCallForm } from './whoMayCall/form';
import type { IntentForm } from './types';

/** Every intent with a form, in the order of the actions. One line each. */
export const INTENT_FORMS: readonly IntentForm[] = [
  shiftTrafficForm,
  abTestForm,
  timeoutsAndRetriesForm,
  circuitBreakerForm,
  mtlsModeForm,
  whoMayCallForm,
  applyFixForm,
];
