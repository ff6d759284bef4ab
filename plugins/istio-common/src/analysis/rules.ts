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
import { addressesMissing } from './rules/serviceEntry/addressesMissing';
import { addressShared } from './rules/serviceEntry/addressShared';
import { hostClaimedTwice } from './rules/serviceEntry/hostClaimedTwice';
import { noEndpoints } from './rules/serviceEntry/noEndpoints';
import { plaintextToTlsPort } from './rules/serviceEntry/plaintextToTlsPort';
import { protocolConflict } from './rules/serviceEntry/protocolConflict';
import { entrySelectsNothing } from './rules/serviceEntry/selectsNothing';
import { shadowedByService } from './rules/serviceEntry/shadowedByService';
import { sidecarIgnoredInAmbient } from './rules/sidecar/ambientIgnored';
import { egressHostUnknown } from './rules/sidecar/egressHostUnknown';
import { outboundModeUnset } from './rules/sidecar/outboundModeUnset';
import { overlappingSidecars } from './rules/sidecar/overlappingSelectors';
import { sidecarSelectsNothing } from './rules/sidecar/selectsNothing';
import { severalDefaults } from './rules/sidecar/severalDefaults';
import { unknownGateway } from './rules/virtualService/unknownGateway';
import { workloadEntryUnknownPort } from './rules/workloadEntry/unknownPort';
import { groupUnknownServiceAccount } from './rules/workloadEntry/unknownServiceAccount';
import { workloadEntryUnselected } from './rules/workloadEntry/unselected';

/** Every rule, one line each, by code. */
export const RULES: readonly Rule[] = [
  unknownGateway,
  addressesMissing,
  protocolConflict,
  shadowedByService,
  hostClaimedTwice,
  noEndpoints,
  entrySelectsNothing,
  plaintextToTlsPort,
  addressShared,
  workloadEntryUnselected,
  workloadEntryUnknownPort,
  groupUnknownServiceAccount,
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
  sidecarSelectsNothing,
  overlappingSidecars,
  egressHostUnknown,
  outboundModeUnset,
  sidecarIgnoredInAmbient,
];
