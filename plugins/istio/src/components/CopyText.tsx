import { useState } from 'react';
import { Button } from '@backstage/ui';
import styles from './CopyText.module.css';

/** Literal text with a button that copies it; the label says what is copied ("command"). */
export function CopyText(props: { text: string; label: string }) {
  const { text, label } = props;
  const [result, setResult] = useState<'copied' | 'refused'>();
  const copy = async () => {
    try {
      // Browsers leave the clipboard out on pages that are not served securely.
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('refused');
    }
  };
  return (
    <div className={styles.box}>
      <pre className={styles.text}>{text}</pre>
      <Button
        variant="secondary"
        size="small"
        onPress={copy}
        aria-label={result === 'copied' ? 'Copied' : `Copy ${label}`}
      >
        {result === 'copied' ? 'Copied' : 'Copy'}
      </Button>
      <span role="status" className={styles.status}>
        {result === 'refused' &&
          'The browser does not allow copying here. Select the text instead.'}
      </span>
    </div>
  );
}
