import type { ProposalRequest } from '@istio-backstage/plugin-istio-node';
import { CHANGE_TRAILER } from '../proposals/describeProposal';

/** Whether a commit is what this proposal pushed before, by the line that names its change. */
export function isProposalCommit(
  { message }: Pick<ProposalRequest, 'message'>,
  pushed: string,
): boolean {
  const trailer = message
    .split('\n')
    .find(line => line.startsWith(`${CHANGE_TRAILER}:`));
  return trailer !== undefined && pushed.split('\n').includes(trailer);
}
