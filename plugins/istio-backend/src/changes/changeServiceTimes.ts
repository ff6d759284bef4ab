/** Times and counts, all with defaults. */
export interface ChangeServiceTimes {
  /** How often traffic is compared. Default 5. */
  verifySeconds?: number;
  /** After which time a change that traffic does not show is closed as not verifiable. Default 600. */
  giveUpSeconds?: number;
  /** What proxies get to take over new routes. Default 5. */
  settleSeconds?: number;
  /** Requests needed for a comparison. Default 50. */
  minimumRequests?: number;
  /** How often changes of dead processes are looked for. Default 60. */
  recoverSeconds?: number;
  /** After which time without a sign of life a process counts as dead. Default 60. */
  leaseSeconds?: number;
  /** For how long after its sending a request may take effect. Default 30. */
  inFlightSeconds?: number;
  /** How often changes are looked for whose time has come. Default 5. */
  timerSeconds?: number;
}

export const DEFAULT_TIMES: Required<ChangeServiceTimes> = {
  verifySeconds: 5,
  giveUpSeconds: 600,
  settleSeconds: 5,
  minimumRequests: 50,
  recoverSeconds: 60,
  leaseSeconds: 60,
  inFlightSeconds: 30,
  timerSeconds: 5,
};
