import type { ChangeProposal } from '@istio-backstage/plugin-istio-common';
import text from '../../components/text.module.css';
import { presentProposal, proposalHref } from './presentProposal';

/** Leads to the pull or merge request, once there is one. */
export function ProposalLink(props: { proposal: ChangeProposal }) {
  const { proposal } = props;
  const href = proposalHref(proposal);
  const words = presentProposal(proposal);
  return href ? (
    <a
      className={text.link}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
    >
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </a>
  ) : (
    <>{words}, not opened yet</>
  );
}
