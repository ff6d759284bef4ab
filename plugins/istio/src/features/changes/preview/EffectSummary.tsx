import type { ChangePreview } from '@istio-backstage/plugin-istio-common';
import { SentenceText } from '../../../components';
import styles from './preview.module.css';

/** What a change does, in one sentence, with a second one where the data allows it. */
export function EffectSummary(props: {
  preview: Pick<ChangePreview, 'effect' | 'detail'>;
}) {
  const { effect, detail } = props.preview;
  return (
    <section className={styles.section} aria-label="Effect">
      <p className={styles.effect}>
        <SentenceText sentence={effect} />
      </p>
      {detail && (
        <p className={styles.detail}>
          <SentenceText sentence={detail} />
        </p>
      )}
    </section>
  );
}
