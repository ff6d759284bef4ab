import type {
  ChangeState,
  ClusterStatus,
  GuardrailVerdict,
  HealthStatus,
} from '@istio-backstage/plugin-istio-common';
import type { StatusShapeName, StatusTone } from './StatusShape';

/** Every state a label can show. */
export type StatusKind =
  | HealthStatus
  | ChangeState
  | GuardrailVerdict['verdict']
  | ClusterStatus['state']
  | 'neverReached'
  | 'noRequests'
  | 'noReason'
  | 'outsideMesh'
  | 'notConfigured'
  | 'encrypted'
  | 'plaintext'
  | 'finding'
  | 'inLine'
  | 'differs'
  | 'notEnough';

/** Word, shape and colour of one state. */
export interface StatusLook {
  word: string;
  shape: StatusShapeName;
  tone: StatusTone;
}

function look(
  word: string,
  shape: StatusShapeName,
  tone: StatusTone,
): StatusLook {
  return { word, shape, tone };
}

const LOOKS: Record<StatusKind, StatusLook> = {
  healthy: look('Healthy', 'tick', 'ok'),
  degraded: look('Degraded', 'triangle', 'warn'),
  failing: look('Failing', 'octagon', 'bad'),
  notReady: look('Not ready', 'triangle', 'warn'),
  noTraffic: look('Not enough traffic', 'dash', 'quiet'),
  unknown: look('Unknown', 'question', 'quiet'),

  fresh: look('Fresh', 'tick', 'ok'),
  stale: look('Stale', 'clock', 'quiet'),
  unreachable: look('No answer', 'question', 'quiet'),
  starting: look('Starting', 'progress', 'quiet'),
  notConfigured: look('Not configured', 'question', 'quiet'),

  planned: look('Planned', 'dash', 'quiet'),
  awaitingApproval: look('Needs approval', 'person', 'warn'),
  scheduled: look('Scheduled', 'clock', 'info'),
  proposed: look('Proposed in Git', 'person', 'info'),
  merged: look('Merged', 'progress', 'info'),
  declined: look('Declined', 'octagon', 'bad'),
  cancelled: look('Cancelled', 'dash', 'quiet'),
  expired: look('Expired', 'clock', 'quiet'),
  superseded: look('Superseded', 'triangle', 'warn'),
  applying: look('Applying', 'progress', 'info'),
  applied: look('Applied', 'progress', 'info'),
  verified: look('Verified', 'tick', 'ok'),
  unverifiable: look('Applied, not provable', 'question', 'quiet'),
  partial: look('Partly applied', 'triangle', 'warn'),
  indeterminate: look('Outcome unknown', 'question', 'quiet'),
  denied: look('Denied', 'octagon', 'bad'),
  conflict: look('Changed meanwhile', 'triangle', 'warn'),
  failed: look('Failed', 'octagon', 'bad'),
  reverted: look('Reverted', 'revert', 'quiet'),
  outside: look('No reason given', 'question', 'quiet'),
  adopted: look('Adopted', 'person', 'info'),

  pass: look('Pass', 'tick', 'ok'),
  warn: look('Warning', 'triangle', 'warn'),
  needsApproval: look('Needs approval', 'person', 'warn'),
  deny: look('Denied', 'octagon', 'bad'),

  neverReached: look('Never reached', 'triangle', 'warn'),
  noRequests: look('No requests', 'dash', 'quiet'),
  noReason: look('No reason given', 'question', 'quiet'),
  outsideMesh: look('Outside the mesh', 'boxedSlash', 'quiet'),
  encrypted: look('Yes', 'lockClosed', 'plain'),
  plaintext: look('No', 'lockOpen', 'warn'),
  finding: look('Finding', 'triangle', 'warn'),
  inLine: look('In line', 'tick', 'ok'),
  differs: look('Differs', 'triangle', 'warn'),
  notEnough: look('Not enough traffic', 'dash', 'quiet'),
};

/**
 * Word, shape and tone of a state. A state this version does not know (a newer backend) is shown
 * as unknown, never as well.
 */
export function presentStatus(status: StatusKind): StatusLook {
  return LOOKS[status] ?? LOOKS.unknown;
}
