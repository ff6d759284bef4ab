import { useState } from 'react';
import { Button, VisuallyHidden } from '@backstage/ui';

/** Copies a text; says so, or that the browser refused. */
export function CopyButton(props: {
  text: string;
  /** What the button says, `Copy` unless told. */
  children?: string;
  label?: string;
}) {
  const { text, children = 'Copy', label } = props;
  const [result, setResult] = useState<'copied' | 'refused'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      // No clipboard without a secure context or the person's consent.
      setResult('refused');
    }
  };
  const shown = { copied: 'Copied', refused: 'Copying is not allowed here' };
  return (
    <>
      <Button
        variant="secondary"
        size="small"
        onPress={copy}
        aria-label={result ? undefined : label}
      >
        {result ? shown[result] : children}
      </Button>
      <VisuallyHidden role="status">
        {result ? shown[result] : ''}
      </VisuallyHidden>
    </>
  );
}
