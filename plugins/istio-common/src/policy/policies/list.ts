import type { Policy } from '../types';
import { externalServices } from './externalServices';
import { faultExpiry } from './faultExpiry';
import { foreignOwner } from './foreignOwner';
import { gatewayHosts } from './gatewayHosts';
import { hostOwnership } from './hostOwnership';
import { istioValidation } from './istioValidation';
import { kindsInSelfService } from './kindsInSelfService';
import { mtlsDowngrade } from './mtlsDowngrade';
import { proxyExtensions } from './proxyExtensions';
import { refusedCallers } from './refusedCallers';
import { retryBudget } from './retryBudget';
import { rootNamespace } from './rootNamespace';
import { tierOne } from './tierOne';
import { weightStep } from './weightStep';
import { wildcardHosts } from './wildcardHosts';
import { workloadScope } from './workloadScope';

/** Every guardrail, in the order they are shown. One line per policy. */
export const POLICIES: readonly Policy[] = [
  weightStep,
  tierOne,
  hostOwnership,
  externalServices,
  gatewayHosts,
  wildcardHosts,
  workloadScope,
  mtlsDowngrade,
  refusedCallers,
  retryBudget,
  faultExpiry,
  foreignOwner,
  kindsInSelfService,
  proxyExtensions,
  rootNamespace,
  istioValidation,
];
