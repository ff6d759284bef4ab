import type { Rule } from './types';
import { ambientAndSidecars } from './rules/ambient/ambientAndSidecars';
import { authenticationAtZtunnel } from './rules/ambient/authenticationAtZtunnel';
import { beyondZtunnel } from './rules/ambient/beyondZtunnel';
import { disableUnderAmbient } from './rules/ambient/disableUnderAmbient';
import { dryRunAtZtunnel } from './rules/ambient/dryRunAtZtunnel';
import { routingWithoutWaypoint } from './rules/ambient/routingWithoutWaypoint';
import { targetWithoutWaypoint } from './rules/ambient/targetWithoutWaypoint';
import { waypointNotBound } from './rules/ambient/waypointNotBound';
import { waypointShutOut } from './rules/ambient/waypointShutOut';
import { waypointUnused } from './rules/ambient/waypointUnused';
import { alphaAnnotation } from './rules/annotation/alpha';
import { deprecatedAnnotation } from './rules/annotation/deprecated';
import { invalidAnnotation } from './rules/annotation/invalidValue';
import { misplacedAnnotation } from './rules/annotation/misplaced';
import { unknownAnnotation } from './rules/annotation/unknown';
import { authenticationSelectsNothing } from './rules/authorization/authenticationSelectsNothing';
import { claimRouteUnverified } from './rules/authorization/claimRouteUnverified';
import { dryRunLeft } from './rules/authorization/dryRunLeft';
import { emptyRequestAuthentication } from './rules/authorization/emptyRequestAuthentication';
import { everythingDenied } from './rules/authorization/everythingDenied';
import { gatewayBySelector } from './rules/authorization/gatewayBySelector';
import { hostWithoutPort } from './rules/authorization/hostWithoutPort';
import { httpOnTcpPort } from './rules/authorization/httpOnTcpPort';
import { identityWithoutMtls } from './rules/authorization/identityWithoutMtls';
import { ipBlocksAtGateway } from './rules/authorization/ipBlocksAtGateway';
import { malformedPrincipal } from './rules/authorization/malformedPrincipal';
import { missingKeys } from './rules/authorization/missingKeys';
import { nobodyAllowed } from './rules/authorization/nobodyAllowed';
import { plainKeys } from './rules/authorization/plainKeys';
import { policySelectsNothing } from './rules/authorization/policySelectsNothing';
import { severalProviders } from './rules/authorization/severalProviders';
import { targetWithoutEffect } from './rules/authorization/targetWithoutEffect';
import { tokenNeverVerified } from './rules/authorization/tokenNeverVerified';
import { tokenNotRequired } from './rules/authorization/tokenNotRequired';
import { policyUnknownHost } from './rules/authorization/unknownHost';
import { unknownNamespace } from './rules/authorization/unknownNamespace';
import { unknownPrincipal } from './rules/authorization/unknownPrincipal';
import { unknownProvider } from './rules/authorization/unknownProvider';
import { unmatchableMethod } from './rules/authorization/unmatchableMethod';
import { unmatchablePath } from './rules/authorization/unmatchablePath';
import { unsatisfiableRule } from './rules/authorization/unsatisfiableRule';
import { wildcardInside } from './rules/authorization/wildcardInside';
import { workloadUncovered } from './rules/authorization/workloadUncovered';
import { certificateExpired } from './rules/certificate/expired';
import { certificateExpiring } from './rules/certificate/expiring';
import { certificateMissing } from './rules/certificate/missing';
import { certificateOtherHosts } from './rules/certificate/otherHosts';
import { callersSelectNothing } from './rules/destinationRule/callersSelectNothing';
import { credentialForSidecars } from './rules/destinationRule/credentialForSidecars';
import { detectionOff } from './rules/destinationRule/detectionOff';
import { failoverWithoutDetection } from './rules/destinationRule/failoverWithoutDetection';
import { hashAndLocality } from './rules/destinationRule/hashAndLocality';
import { hashWithoutHttp } from './rules/destinationRule/hashWithoutHttp';
import { portDropsSettings } from './rules/destinationRule/portDropsSettings';
import { rivalRules } from './rules/destinationRule/rivalRules';
import { ruleForNobody } from './rules/destinationRule/ruleForNobody';
import { settingsForUnknownPort } from './rules/destinationRule/settingsForUnknownPort';
import { settingsNotInherited } from './rules/destinationRule/settingsNotInherited';
import { subsetSelectsNothing } from './rules/destinationRule/subsetSelectsNothing';
import { subsetWithoutLabels } from './rules/destinationRule/subsetWithoutLabels';
import { tlsAgainstServer } from './rules/destinationRule/tlsAgainstServer';
import { uncheckedCertificate } from './rules/destinationRule/uncheckedCertificate';
import { unknownRuleHost } from './rules/destinationRule/unknownRuleHost';
import { unusedSubset } from './rules/destinationRule/unusedSubset';
import { envoyFilterAddIgnored } from './rules/envoyFilter/addIgnored';
import { envoyFilterRelative } from './rules/envoyFilter/relativeOperation';
import { envoyFilterRemoveIgnored } from './rules/envoyFilter/removeIgnored';
import { envoyFilterReplaceIgnored } from './rules/envoyFilter/replaceIgnored';
import { envoyFilterUnscoped } from './rules/envoyFilter/unscoped';
import { envoyFilterVersionedRelative } from './rules/envoyFilter/versionedRelative';
import { proxyConfigIgnored } from './rules/extension/proxyConfigIgnored';
import { extensionSelectsNothing } from './rules/extension/selectsNothing';
import { extensionUnknownTarget } from './rules/extension/unknownTarget';
import { wasmUnpinned } from './rules/extension/wasmUnpinned';
import { conflictingGateways } from './rules/gateway/conflictingGateways';
import { gatewaySelectsNothing } from './rules/gateway/gatewaySelectsNothing';
import { oldTls } from './rules/gateway/oldTls';
import { portNotExposed } from './rules/gateway/portNotExposed';
import { portProtocols } from './rules/gateway/portProtocols';
import { redirectToNowhere } from './rules/gateway/redirectToNowhere';
import { serverWithoutRoutes } from './rules/gateway/serverWithoutRoutes';
import { sharedCertificate } from './rules/gateway/sharedCertificate';
import { unknownHostNamespace } from './rules/gateway/unknownHostNamespace';
import { routeBackendPortUnknown } from './rules/gatewayApi/backendPortUnknown';
import { backendWithoutEndpoints } from './rules/gatewayApi/backendWithoutEndpoints';
import { certificateNotGranted } from './rules/gatewayApi/certificateNotGranted';
import { gatewayAddressShared } from './rules/gatewayApi/gatewayAddressShared';
import { grantUnknownNamespace } from './rules/gatewayApi/grantUnknownNamespace';
import { hostnamesIgnored } from './rules/gatewayApi/hostnamesIgnored';
import { listenerConflict } from './rules/gatewayApi/listenerConflict';
import { listenerWithoutTls } from './rules/gatewayApi/listenerWithoutTls';
import { routeMissingGrant } from './rules/gatewayApi/missingGrant';
import { negativeStatus } from './rules/gatewayApi/negativeStatus';
import { routeNoBackend } from './rules/gatewayApi/noBackend';
import { parentPortUnknown } from './rules/gatewayApi/parentPortUnknown';
import { routeNotAttached } from './rules/gatewayApi/routeNotAttached';
import { routeUnknownBackend } from './rules/gatewayApi/unknownBackend';
import { routeUnknownParent } from './rules/gatewayApi/unknownParent';
import { routeUnreachableRule } from './rules/gatewayApi/unreachableRule';
import { bypassedPort } from './rules/mtls/bypassedPort';
import { overlappingPeerPolicies } from './rules/mtls/overlappingPeerPolicies';
import { peerPolicySelectsNothing } from './rules/mtls/peerPolicySelectsNothing';
import { peerPolicyWithoutMode } from './rules/mtls/peerPolicyWithoutMode';
import { severalPeerPolicies } from './rules/mtls/severalPeerPolicies';
import { strictNotEnforced } from './rules/mtls/strictNotEnforced';
import { strictWithoutAutoMtls } from './rules/mtls/strictWithoutAutoMtls';
import { unknownPort } from './rules/mtls/unknownPort';
import { injectionLabels } from './rules/namespace/injectionLabels';
import { namespaceNotInjected } from './rules/namespace/notInjected';
import { foreignServiceRouted } from './rules/ownership/foreignServiceRouted';
import { hostOfTwoTeams } from './rules/ownership/hostOfTwoTeams';
import { unknownExportNamespace } from './rules/ownership/unknownExportNamespace';
import { rootSelectorIgnored } from './rules/security/rootSelectorIgnored';
import { externalNamePort } from './rules/service/externalNamePort';
import { portProtocolUnknown } from './rules/service/portProtocolUnknown';
import { serviceSelectsNothing } from './rules/service/selectsNothing';
import { targetPortUnserved } from './rules/service/targetPortUnserved';
import { addressShared } from './rules/serviceEntry/addressShared';
import { addressesMissing } from './rules/serviceEntry/addressesMissing';
import { hostClaimedTwice } from './rules/serviceEntry/hostClaimedTwice';
import { noEndpoints } from './rules/serviceEntry/noEndpoints';
import { plaintextToTlsPort } from './rules/serviceEntry/plaintextToTlsPort';
import { protocolConflict } from './rules/serviceEntry/protocolConflict';
import { entrySelectsNothing } from './rules/serviceEntry/selectsNothing';
import { shadowedByService } from './rules/serviceEntry/shadowedByService';
import { serviceEntryUnused } from './rules/serviceEntry/unused';
import { sidecarIgnoredInAmbient } from './rules/sidecar/ambientIgnored';
import { egressHostUnknown } from './rules/sidecar/egressHostUnknown';
import { outboundModeUnset } from './rules/sidecar/outboundModeUnset';
import { overlappingSidecars } from './rules/sidecar/overlappingSelectors';
import { sidecarSelectsNothing } from './rules/sidecar/selectsNothing';
import { severalDefaults } from './rules/sidecar/severalDefaults';
import { telemetryLightstep } from './rules/telemetry/lightstep';
import { telemetryNoProvider } from './rules/telemetry/noProvider';
import { overlappingTelemetries } from './rules/telemetry/overlappingSelectors';
import { telemetrySeveralDefaults } from './rules/telemetry/severalDefaults';
import { telemetryUnknownProvider } from './rules/telemetry/unknownProvider';
import { calleeOutlivesTimeout } from './rules/traffic/calleeOutlivesTimeout';
import { nowhereToGo } from './rules/traffic/nowhereToGo';
import { plaintextAccepted } from './rules/traffic/plaintextAccepted';
import { retriesMultiply } from './rules/traffic/retriesMultiply';
import { splitNotFollowed } from './rules/traffic/splitNotFollowed';
import { strictRefusesCallers } from './rules/traffic/strictRefusesCallers';
import { unknownDestination } from './rules/traffic/unknownDestination';
import { unusedGrant } from './rules/traffic/unusedGrant';
import { versionWithoutRoute } from './rules/traffic/versionWithoutRoute';
import { refused } from './rules/validation/refused';
import { refusedBySchema } from './rules/validation/refusedBySchema';
import { warned } from './rules/validation/warned';
import { deprecatedPercent } from './rules/virtualService/deprecatedPercent';
import { duplicateHost } from './rules/virtualService/duplicateHost';
import { emptyVersion } from './rules/virtualService/emptyVersion';
import { faultForEverybody } from './rules/virtualService/faultForEverybody';
import { faultWithoutPercentage } from './rules/virtualService/faultWithoutPercentage';
import { gatewayBypassesRoutes } from './rules/virtualService/gatewayBypassesRoutes';
import { gatewayNotListed } from './rules/virtualService/gatewayNotListed';
import { hiddenSubset } from './rules/virtualService/hiddenSubset';
import { hostNotInGateway } from './rules/virtualService/hostNotInGateway';
import { httpRulesOnTcpPort } from './rules/virtualService/httpOnTcpPort';
import { ineffectiveMatch } from './rules/virtualService/ineffectiveMatch';
import { internalGateway } from './rules/virtualService/internalGateway';
import { loneWeight } from './rules/virtualService/loneWeight';
import { mirrorToItself } from './rules/virtualService/mirrorToItself';
import { missingWeight } from './rules/virtualService/missingWeight';
import { oldGatewayName } from './rules/virtualService/oldGatewayName';
import { portRequired } from './rules/virtualService/portRequired';
import { queryInPath } from './rules/virtualService/queryInPath';
import { redirectLoop } from './rules/virtualService/redirectLoop';
import { regexMatchesWhole } from './rules/virtualService/regexMatchesWhole';
import { repeatedDestination } from './rules/virtualService/repeatedDestination';
import { retriesCutShort } from './rules/virtualService/retriesCutShort';
import { shadowedAtGateway } from './rules/virtualService/shadowedAtGateway';
import { unknownDestinationHost } from './rules/virtualService/unknownDestinationHost';
import { unknownDestinationPort } from './rules/virtualService/unknownDestinationPort';
import { unknownGateway } from './rules/virtualService/unknownGateway';
import { unknownSubset } from './rules/virtualService/unknownSubset';
import { unreachableRule } from './rules/virtualService/unreachableRule';
import { unusableDelegate } from './rules/virtualService/unusableDelegate';
import { unusedDelegate } from './rules/virtualService/unusedDelegate';
import { weightsNotHundred } from './rules/virtualService/weightsNotHundred';
import { applicationUid } from './rules/workload/applicationUid';
import { hostNetworkInjection } from './rules/workload/hostNetworkInjection';
import { imageAuto } from './rules/workload/imageAuto';
import { podMissingProxy } from './rules/workload/podMissingProxy';
import { portTcpAndUdp } from './rules/workload/portTcpAndUdp';
import { portTwoProtocols } from './rules/workload/portTwoProtocols';
import { proxyTooOld } from './rules/workload/proxyTooOld';
import { targetPortShared } from './rules/workload/targetPortShared';
import { workloadEntryUnknownPort } from './rules/workloadEntry/unknownPort';
import { groupUnknownServiceAccount } from './rules/workloadEntry/unknownServiceAccount';
import { workloadEntryUnselected } from './rules/workloadEntry/unselected';

/** Every rule, one line each, by code. */
export const RULES: readonly Rule[] = [
  refused,
  warned,
  refusedBySchema,
  unknownGateway,
  unknownDestinationHost,
  unknownDestinationPort,
  portRequired,
  unknownSubset,
  hiddenSubset,
  duplicateHost,
  unreachableRule,
  ineffectiveMatch,
  unusableDelegate,
  unusedDelegate,
  hostNotInGateway,
  internalGateway,
  weightsNotHundred,
  loneWeight,
  missingWeight,
  repeatedDestination,
  emptyVersion,
  mirrorToItself,
  retriesCutShort,
  faultForEverybody,
  faultWithoutPercentage,
  regexMatchesWhole,
  queryInPath,
  oldGatewayName,
  gatewayBypassesRoutes,
  deprecatedPercent,
  gatewayNotListed,
  httpRulesOnTcpPort,
  redirectLoop,
  shadowedAtGateway,
  unknownRuleHost,
  subsetSelectsNothing,
  subsetWithoutLabels,
  rivalRules,
  unusedSubset,
  uncheckedCertificate,
  credentialForSidecars,
  ruleForNobody,
  settingsNotInherited,
  portDropsSettings,
  settingsForUnknownPort,
  failoverWithoutDetection,
  hashWithoutHttp,
  hashAndLocality,
  detectionOff,
  callersSelectNothing,
  tlsAgainstServer,
  gatewaySelectsNothing,
  conflictingGateways,
  portProtocols,
  portNotExposed,
  sharedCertificate,
  serverWithoutRoutes,
  redirectToNowhere,
  oldTls,
  unknownHostNamespace,
  certificateExpired,
  certificateExpiring,
  certificateMissing,
  certificateOtherHosts,
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
  serviceEntryUnused,
  rootSelectorIgnored,
  severalPeerPolicies,
  overlappingPeerPolicies,
  unknownPort,
  peerPolicySelectsNothing,
  strictNotEnforced,
  peerPolicyWithoutMode,
  strictWithoutAutoMtls,
  bypassedPort,
  policySelectsNothing,
  unknownNamespace,
  unknownPrincipal,
  malformedPrincipal,
  nobodyAllowed,
  everythingDenied,
  unsatisfiableRule,
  httpOnTcpPort,
  identityWithoutMtls,
  ipBlocksAtGateway,
  targetWithoutEffect,
  wildcardInside,
  unmatchablePath,
  unmatchableMethod,
  hostWithoutPort,
  policyUnknownHost,
  tokenNeverVerified,
  tokenNotRequired,
  emptyRequestAuthentication,
  plainKeys,
  missingKeys,
  unknownProvider,
  dryRunLeft,
  gatewayBySelector,
  authenticationSelectsNothing,
  workloadUncovered,
  severalProviders,
  claimRouteUnverified,
  severalDefaults,
  sidecarSelectsNothing,
  overlappingSidecars,
  egressHostUnknown,
  outboundModeUnset,
  sidecarIgnoredInAmbient,
  portProtocolUnknown,
  externalNamePort,
  serviceSelectsNothing,
  targetPortUnserved,
  portTwoProtocols,
  portTcpAndUdp,
  targetPortShared,
  podMissingProxy,
  applicationUid,
  imageAuto,
  hostNetworkInjection,
  namespaceNotInjected,
  injectionLabels,
  unknownAnnotation,
  misplacedAnnotation,
  invalidAnnotation,
  deprecatedAnnotation,
  alphaAnnotation,
  proxyTooOld,
  negativeStatus,
  routeUnknownParent,
  routeNotAttached,
  routeUnknownBackend,
  routeBackendPortUnknown,
  routeMissingGrant,
  routeNoBackend,
  backendWithoutEndpoints,
  routeUnreachableRule,
  listenerConflict,
  listenerWithoutTls,
  certificateNotGranted,
  hostnamesIgnored,
  parentPortUnknown,
  grantUnknownNamespace,
  gatewayAddressShared,
  envoyFilterRelative,
  envoyFilterReplaceIgnored,
  envoyFilterAddIgnored,
  envoyFilterRemoveIgnored,
  envoyFilterVersionedRelative,
  envoyFilterUnscoped,
  extensionSelectsNothing,
  extensionUnknownTarget,
  telemetrySeveralDefaults,
  overlappingTelemetries,
  telemetryNoProvider,
  telemetryUnknownProvider,
  telemetryLightstep,
  wasmUnpinned,
  proxyConfigIgnored,
  beyondZtunnel,
  waypointNotBound,
  ambientAndSidecars,
  disableUnderAmbient,
  routingWithoutWaypoint,
  targetWithoutWaypoint,
  authenticationAtZtunnel,
  waypointShutOut,
  waypointUnused,
  dryRunAtZtunnel,
  strictRefusesCallers,
  plaintextAccepted,
  unusedGrant,
  unknownDestination,
  nowhereToGo,
  versionWithoutRoute,
  retriesMultiply,
  calleeOutlivesTimeout,
  splitNotFollowed,
  unknownExportNamespace,
  hostOfTwoTeams,
  foreignServiceRouted,
];
