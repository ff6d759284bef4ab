import { useState } from 'react';
import { Button } from '@backstage/ui';
import styles from './CopyText.module.css';

/** Literal text with a button that copies it. */
export function CopyText(props: { text: string; label: string }) {
  const { text, label } = props;
  const [result, setResult] = useState<'copied' | 'refused'>();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  return (
    <div className={styles.box}>
      {/* Long lines scroll sideways, which a keyboard must be able to do as well. */}
      <pre
        className={styles.text}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {text}
      </pre>
      <Button variant="secondary" size="small" onPress={copy}>
        {result === 'copied' ? 'Copied' : 'Copy'}
      </Button>
      <span role="status" className={styles.status}>
        {result === 'refused' &&
          'The browser does not allow copying here. Select the text instead.'}
      </span>
    </div>
  );
}
