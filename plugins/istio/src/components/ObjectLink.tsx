import type { ObjectRef } from '@istio-backstage/plugin-istio-common';
import { CopyText } from './CopyText';
import { InfoPopover } from './InfoPopover';
import { presentObjectCommand, presentObjectName } from './presentObject';

/**
 * Names one object of a cluster. Opened, it says what the object is and gives the command that
 * prints it: the portal has no page of single objects to link to.
 */
export function ObjectLink(props: {
  object: ObjectRef;
  /** Kind before the name, on by default. */
  showKind?: boolean;
}) {
  const { object, showKind = true } = props;
  const name = presentObjectName(object);
  return (
    <>
      {showKind ? `${object.kind} ` : null}
      <InfoPopover
        trigger={name}
        label={`${object.kind} ${name}`}
        title={`${object.kind} ${name}`}
        facts={`${object.apiVersion}, cluster ${object.cluster}`}
      >
        <CopyText text={presentObjectCommand(object)} label="command" />
      </InfoPopover>
    </>
  );
}
