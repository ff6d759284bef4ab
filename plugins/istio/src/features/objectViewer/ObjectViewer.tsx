import { useMemo } from 'react';
import { Dialog, DialogHeader } from '@backstage/ui';
import { ResponseError } from '@backstage/errors';
import {
  markField,
  type ObjectView,
} from '@istio-backstage/plugin-istio-common';
import {
  CopyButton,
  EmptyState,
  ErrorNote,
  LinesSkeleton,
  Note,
  asSentence,
  presentError,
  presentObjectCommand,
  presentObjectName,
  type ObjectAddress,
} from '../../components';
import theme from '../../components/theme.module.css';
import { useObject } from '../../data';
import { ObjectFacts } from './ObjectFacts';
import { presentMark } from './presentObjectView';
import { YamlView } from './YamlView';
import styles from './objectViewer.module.css';

/** One object with the deciding field marked, in a window over the page. */
export function ObjectViewer(props: {
  address: ObjectAddress;
  onClose: () => void;
}) {
  const { address, onClose } = props;
  const { object } = address;
  return (
    <Dialog
      isOpen
      onOpenChange={open => {
        if (!open) onClose();
      }}
      width={860}
    >
      <div className={`${theme.surface} ${styles.frame}`}>
        <DialogHeader>
          {`${object.kind} ${presentObjectName(object)}`}
        </DialogHeader>
        <ObjectContent address={address} />
      </div>
    </Dialog>
  );
}

function ObjectContent(props: { address: ObjectAddress }) {
  const { object, fieldPath } = props.address;
  const view = useObject(object);
  if (view.data) return <Shown view={view.data} fieldPath={fieldPath} />;
  return (
    <div className={styles.body}>
      {view.isPending && (
        <LinesSkeleton lines={14} label="Loading the object" />
      )}
      {view.error && isNotFound(view.error) && (
        <EmptyState
          title="Not there, or not yours to see"
          explanation={`${asSentence(
            presentError(view.error),
          )} It may have been removed since this link was made. In the cluster ${
            object.cluster
          } this command prints it:`}
          fix={presentObjectCommand(object)}
        />
      )}
      {view.error && !isNotFound(view.error) && (
        <ErrorNote
          what="The object"
          error={view.error}
          onRetry={() => view.refetch()}
        />
      )}
    </div>
  );
}

function isNotFound(error: Error): error is ResponseError {
  return error instanceof ResponseError && error.statusCode === 404;
}

function Shown(props: { view: ObjectView; fieldPath: string }) {
  const { view, fieldPath } = props;
  const yaml = useMemo(
    () => markField(view.object, fieldPath),
    [view.object, fieldPath],
  );
  const note = presentMark({ fieldPath, ...yaml });
  return (
    <div className={styles.body}>
      <ObjectFacts view={view} />
      {view.partial && (
        <Note tone="quiet">
          Only the fields that answers are made of are kept of this kind, so
          this is not the whole object.
        </Note>
      )}
      <YamlView lines={yaml.lines} label="YAML of the object">
        {note?.isMissing ? (
          <Note tone="info">{note.text}</Note>
        ) : (
          <span className={styles.mark}>{note?.text}</span>
        )}
        <CopyButton
          text={yaml.lines.map(line => line.text).join('\n')}
          label="Copy the YAML"
        >
          Copy YAML
        </CopyButton>
      </YamlView>
    </div>
  );
}
