import type { ChangeProposal } from '@istio-backstage/plugin-istio-common';

/** `pull request` or `merge request`. */
export function proposalWord({ kind }: Pick<ChangeProposal, 'kind'>): string {
  return kind === 'pullRequest' ? 'pull request' : 'merge request';
}

/** `acme/shop-config` of `https://github.com/acme/shop-config`. */
export function presentRepository(repository: string): string {
  try {
    return new URL(repository).pathname.replace(/^\/|\/$/g, '');
  } catch {
    return repository;
  }
}

/** `pull request 7 in acme/shop-config`. */
export function presentProposal(proposal: ChangeProposal): string {
  const number = proposal.number === undefined ? '' : ` ${proposal.number}`;
  return `${proposalWord(proposal)}${number} in ${presentRepository(
    proposal.repository,
  )}`;
}

/** Why the cluster is not written to, and what happens instead. */
export function presentWhyProposed(proposal: ChangeProposal): string {
  const { owner, repository, baseBranch } = proposal;
  return `${owner} applies this from Git. A ${proposalWord(
    proposal,
  )} is opened in ${presentRepository(
    repository,
  )} for ${baseBranch}; nothing changes in the cluster until it is merged.`;
}

/** Address of the proposal's page, where it is one that a browser may open. */
export function proposalHref({ url }: ChangeProposal): string | undefined {
  return url !== undefined && /^https?:\/\//.test(url) ? url : undefined;
}
