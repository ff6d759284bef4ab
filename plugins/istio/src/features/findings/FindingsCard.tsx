import type { ReactNode } from 'react';
import {
  formatCount,
  formatQuantity,
  type ComponentFindings,
} from '@istio-backstage/plugin-istio-common';
import {
  CardSkeleton,
  ErrorNote,
  MeshCard,
  SeverityLabel,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
  presentObjectName,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import text from '../../components/text.module.css';
import { useFindings } from '../../data';
import { useLabels } from '../../translation';
import { findingKey, presentNone } from './presentFindings';
import styles from './findings.module.css';

/** The worst findings of a component. */
export function FindingsCard(props: {
  entityRef: string;
  /** Link of one finding, or of all. */
  linkTo: (finding: string | undefined, words: string) => ReactNode;
  span?: CardSpan;
}) {
  const { entityRef, linkTo, span } = props;
  const t = useLabels();
  const { data, error, refetch } = useFindings(entityRef);
  const title = t('cards.findings');
  if (data) return <Shown answer={data} linkTo={linkTo} span={span} />;
  if (!error) return <CardSkeleton title={title} span={span} lines={5} />;
  return (
    <MeshCard title={title} span={span}>
      <ErrorNote what="The findings" error={error} onRetry={() => refetch()} />
    </MeshCard>
  );
}

/** More than this are on the page of findings. */
const SHOWN = 4;

function Shown(props: {
  answer: ComponentFindings;
  linkTo: (finding: string | undefined, words: string) => ReactNode;
  span?: CardSpan;
}) {
  const { answer, linkTo, span } = props;
  const { findings, rules, skipped, clusters } = answer;
  const t = useLabels();
  const none = presentNone({ rules, skipped, clusters });
  const unasked = new Set(skipped.map(({ code }) => code)).size;
  return (
    <MeshCard
      title={t('cards.findings')}
      subtitle={findings.length > 0 ? formatCount(findings.length) : undefined}
      action={linkTo(undefined, 'All')}
      span={span}
      flush
      footer={
        <SourceFooter source="computed" at={objectsAsOf(clusters)}>
          {formatQuantity(rules, 'rule')}
          {unasked > 0 && `, ${formatCount(unasked)} not asked`}
        </SourceFooter>
      }
    >
      {findings.length === 0 ? (
        <p className={styles.padded}>
          <StatusLabel status={none.status} wrap plainText>
            {none.text}
          </StatusLabel>
        </p>
      ) : (
        <ul className={styles.cardList}>
          {findings.slice(0, SHOWN).map((finding, index) => (
            // Two findings may differ in their words only.
            <li key={`${findingKey(finding)} ${index}`}>
              <SeverityLabel severity={finding.severity} />
              <div>
                <span className={styles.short}>
                  {linkTo(findingKey(finding), finding.message)}
                </span>
                <span className={text.second}>
                  {finding.object.kind} {presentObjectName(finding.object)},{' '}
                  {finding.code}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </MeshCard>
  );
}
