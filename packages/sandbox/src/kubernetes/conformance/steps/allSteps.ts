import type { Step } from '../types';
import { ACCESS } from './access';
import { APPLIES } from './apply';
import { CORE_SCHEMAS } from './coreSchemas';
import { GATEWAY_SCHEMAS } from './gatewaySchemas';
import { ISTIO_SCHEMAS } from './istioSchemas';
import { READS } from './reads';
import { WRITES } from './writes';

/** The whole run, in order: later steps use what earlier ones left. */
export const ALL_STEPS: Step[] = [
  ...WRITES,
  ...APPLIES,
  ...ISTIO_SCHEMAS,
  ...GATEWAY_SCHEMAS,
  ...CORE_SCHEMAS,
  ...READS,
  ...ACCESS,
];
