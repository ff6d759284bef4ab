import type { Rule } from './types';
import { bypassedPort } from './rules/mtls/bypassedPort';
import { overlappingPeerPolicies } from './rules/mtls/overlappingPeerPolicies';
import { peerPolicySelectsNothing } from './rules/mtls/peerPolicySelectsNothing';
import { peerPolicyWithoutMode } from './rules/mtls/peerPolicyWithoutMode';
import { severalPeerPolicies } from './rules/mtls/severalPeerPolicies';
import { strictNotEnforced } from './rules/mtls/strictNotEnforced';
import { strictWithoutAutoMtls } from './rules/mtls/strictWithoutAutoMtls';
import { unknownPort } from './rules/mtls/unknownPort';
import { rootSelectorIgnored } from './rules/security/rootSelectorIgnored';
import { severalDefaults } from './rules/sidecar/severalDefaults';
import { unknownGateway } from './rules/virtualService/unknownGateway';

/** Every rule, one line each, by code. */
export const RULES: readonly Rule[] = [
  unknownGateway,
  rootSelectorIgnored,
  severalPeerPolicies,
  overlappingPeerPolicies,
  unknownPort,
  peerPolicySelectsNothing,
  strictNotEnforced,
  peerPolicyWithoutMode,
  strictWithoutAutoMtls,
  bypassedPort,
  severalDefaults,
];
