import type { ChangeProposal } from '@istio-backstage/plugin-istio-common';
import { DiffLines } from '../../../components';
import { presentRepository, proposalWord } from '../presentProposal';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

/** The files of a proposal as a reviewer at the Git host will see them. */
export function ProposedFiles(props: {
  proposal: ChangeProposal;
  plain?: boolean;
}) {
  const { proposal, plain } = props;
  const { files, repository, baseBranch } = proposal;
  const word = proposalWord(proposal);
  return (
    <PreviewSection
      title={`In the ${word}`}
      aside={`${presentRepository(repository)}, ${baseBranch}`}
      plain={plain}
    >
      {files.map(({ path, diff }) => (
        <div key={path}>
          <p className={styles.diffTitle}>{path}</p>
          <DiffLines lines={diff} label={`Changes of ${path}`} />
        </div>
      ))}
    </PreviewSection>
  );
}
