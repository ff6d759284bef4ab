import type { IntentDefinition } from '../types';
import { compileShiftTraffic } from './compile';
import { invertShiftTraffic } from './invert';
import { recogniseShiftTraffic } from './recognise';
import { shiftTrafficParamsSchema, type ShiftTrafficParams } from './schema';
import { verifyShiftTraffic } from './verify';

/** Moves shares of a Service's requests between its versions. */
export const shiftTraffic: IntentDefinition<
  'shiftTraffic',
  ShiftTrafficParams
> = {
  type: 'shiftTraffic',
  params: shiftTrafficParamsSchema,
  subject: ({ service }) => service,
  describe: ({ weights }) =>
    weights.map(({ key, weight }) => `${key} ${weight} %`).join(', '),
  targets: ({ namespace, service, route }) => [
    { kind: 'service', namespace, name: service },
    ...(route ? [{ kind: 'route' as const, route }] : []),
  ],
  compile: compileShiftTraffic,
  recognise: recogniseShiftTraffic,
  sharesRequests: true,
  verify: verifyShiftTraffic,
  invert: invertShiftTraffic,
};
