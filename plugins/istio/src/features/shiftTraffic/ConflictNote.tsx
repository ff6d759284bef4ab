import { Button } from '@backstage/ui';
import { Note } from '../../components';
import dialog from '../changes/dialog/dialog.module.css';

/** Says that the base moved under the person, what is different, and that nothing is lost. */
export function ConflictNote(props: {
  /** The route's object, e.g. `VirtualService catalog/reviews`. */
  object: string;
  differences: string[];
  /** What the server said, where it was the one to notice. */
  message?: string;
  /** The new preview is there to be shown. */
  isReady: boolean;
  onShow: () => void;
}) {
  const { object, differences, message, isReady, onShow } = props;
  return (
    <div role="alert">
      <Note tone="warn">
        <strong>Somebody else changed {object} meanwhile.</strong> Nothing of
        yours was sent. Your shares and your reason are kept.
        {message && <p>{message}</p>}
        {isReady && (
          <>
            <p>What is different now:</p>
            <ul className={dialog.list}>
              {differences.map(difference => (
                <li key={difference}>{difference}</li>
              ))}
              {differences.length === 0 && (
                <li>
                  Nothing that this preview shows; only fields that the cluster
                  itself keeps.
                </li>
              )}
            </ul>
          </>
        )}
        <div className={dialog.actions}>
          <Button
            size="small"
            variant="secondary"
            isDisabled={!isReady}
            onPress={onShow}
          >
            Show the new preview
          </Button>
        </div>
      </Note>
    </div>
  );
}
