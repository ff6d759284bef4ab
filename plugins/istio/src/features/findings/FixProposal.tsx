import { useMemo } from 'react';
import { Button } from '@backstage/ui';
import {
  applyFix,
  diffObjects,
  type FindingFix,
  type KubeObject,
  type ObjectQuery,
} from '@istio-backstage/plugin-istio-common';
import {
  CopyButton,
  DiffLines,
  ErrorNote,
  LinesSkeleton,
} from '../../components';
import text from '../../components/text.module.css';
import { useObject } from '../../data';
import styles from './findings.module.css';

/** What would mend the finding, as a diff of its object. Nothing here applies it. */
export function FixProposal(props: {
  object: ObjectQuery;
  fix: FindingFix;
  /** Absent where the reader may not change the component, or the page is about none. */
  onSend?: () => void;
}) {
  const { object, fix, onSend } = props;
  const view = useObject(object);
  const diff = useMemo(() => {
    if (!view.data) return undefined;
    const before = view.data.object as KubeObject;
    const after = applyFix(before, fix);
    return after && diffObjects(before, after);
  }, [view.data, fix]);
  return (
    <section className={styles.fix} aria-label="Proposed change">
      <h4>Proposed change: {fix.title}</h4>
      {view.isPending && <LinesSkeleton lines={3} label="Loading the object" />}
      {view.error && <ErrorNote what="The object" error={view.error} />}
      {view.data && !diff && (
        <p className={text.muted}>
          The object has changed since; the proposal no longer fits it.
        </p>
      )}
      {diff && (
        <>
          <DiffLines lines={diff} label={`Change of ${object.kind}`} />
          <div className={styles.fixNote}>
            <span>A proposal: nothing is changed by itself.</span>
            <span className={styles.fixActions}>
              <CopyButton
                text={JSON.stringify(fix.patch)}
                label="Copy the change as JSON patch"
              >
                Copy JSON patch
              </CopyButton>
              {onSend && (
                <Button size="small" variant="secondary" onPress={onSend}>
                  Preview the change
                </Button>
              )}
            </span>
          </div>
        </>
      )}
    </section>
  );
}
