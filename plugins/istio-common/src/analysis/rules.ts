import type { Rule } from './types';
import { rootSelectorIgnored } from './rules/security/rootSelectorIgnored';
import { severalDefaults } from './rules/sidecar/severalDefaults';
import { unknownGateway } from './rules/virtualService/unknownGateway';

/** Every rule, one line each, by code. */
export const RULES: readonly Rule[] = [
  unknownGateway,
  rootSelectorIgnored,
  severalDefaults,
];
