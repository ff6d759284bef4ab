import { shiftTraffic } from './shiftTraffic/intent';

/** Every intent. One line each; its folder holds the rest. */
export const INTENTS = [shiftTraffic] as const;
