import { Button } from '@backstage/ui';
import { DiffLines, Note } from '../../../components';
import dialog from './dialog.module.css';
import { sentences } from '../presentWords';
import type { ConflictDifferences } from './compareConflict';

function Differences(props: { differences: ConflictDifferences }) {
  const { shares, objects } = props.differences;
  if (objects.length === 0) {
    return (
      <p>
        What this preview shows is the same as before; only fields that the
        cluster itself keeps have changed.
      </p>
    );
  }
  return (
    <>
      <p>What is different now:</p>
      <ul className={dialog.list}>
        {shares.map(share => (
          <li key={share}>{share}</li>
        ))}
        {objects.map(({ text, diff }) => (
          <li key={text}>
            {text}
            {diff.length > 0 && <DiffLines lines={diff} label={text} />}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Says that the base moved under the person, what is different, and that nothing is lost. */
export function ConflictNote(props: {
  /** The object, e.g. `VirtualService catalog/reviews`. */
  object: string;
  /** Undefined while the new preview is on its way. */
  differences?: ConflictDifferences;
  /** What the server said, where it was the one to notice. */
  message?: string;
  onShow: () => void;
}) {
  const { object, differences, message, onShow } = props;
  return (
    <div role="alert">
      <Note tone="warn">
        <strong>Somebody else changed {object} meanwhile.</strong> Nothing of
        yours was sent. What you typed is kept.
        {message && <p>{sentences(message)}</p>}
        {differences && <Differences differences={differences} />}
        <div className={dialog.actions}>
          <Button
            size="small"
            variant="secondary"
            isDisabled={!differences}
            onPress={onShow}
          >
            Show the new preview
          </Button>
        </div>
      </Note>
    </div>
  );
}
