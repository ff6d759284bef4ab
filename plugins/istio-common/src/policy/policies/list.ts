import type { Policy } from '../types';
import { foreignOwner } from './foreignOwner';
import { hostOwnership } from './hostOwnership';
import { istioValidation } from './istioValidation';
import { kindsInSelfService } from './kindsInSelfService';
import { rootNamespace } from './rootNamespace';
import { weightStep } from './weightStep';

/** Every guardrail, in the order they are shown. One line per policy. */
export const POLICIES: readonly Policy[] = [
  weightStep,
  hostOwnership,
  foreignOwner,
  kindsInSelfService,
  rootNamespace,
  istioValidation,
];
