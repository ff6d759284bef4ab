import type { IntentDefinition } from '../types';
import { compileTimeoutsAndRetries } from './compile';
import { recogniseTimeoutsAndRetries } from './recognise';
import {
  timeoutsAndRetriesParamsSchema,
  type TimeoutsAndRetriesParams,
} from './schema';
import { verifyTimeoutsAndRetries } from './verify';
import { describeSettings } from './words';

/** How long callers wait for a Service, and how often they try again. */
export const timeoutsAndRetries: IntentDefinition<
  'timeoutsAndRetries',
  TimeoutsAndRetriesParams
> = {
  type: 'timeoutsAndRetries',
  params: timeoutsAndRetriesParamsSchema,
  subject: ({ service }) => service,
  describe: describeSettings,
  targets: ({ namespace, service, route }) => [
    { kind: 'service', namespace, name: service },
    ...(route ? [{ kind: 'route' as const, route }] : []),
  ],
  compile: compileTimeoutsAndRetries,
  recognise: recogniseTimeoutsAndRetries,
  sharesRequests: false,
  comparesWithEarlier: true,
  verify: verifyTimeoutsAndRetries,
};
