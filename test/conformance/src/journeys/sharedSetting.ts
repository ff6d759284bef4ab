import { useSetting } from './useSetting';

/** Of the journeys that journeys.test.ts runs: the start of a portal costs more than most of them, so they share one. */
export const setting = useSetting();
