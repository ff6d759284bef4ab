import {
  formatList,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { Note, ObjectLink } from '../../../components';

/** Settings that the form leaves as they are, with the object that holds them. */
export function KeptAsIs(props: {
  object?: { ref: ObjectRef; fieldPath?: string };
  kept: string[];
}) {
  const { object, kept } = props;
  if (kept.length === 0) return null;
  return (
    <Note tone="quiet">
      <strong>Kept as it is:</strong> {formatList(kept)}. This form does not
      edit that.{object && ' See '}
      {object && (
        <ObjectLink
          object={object.ref}
          fieldPath={object.fieldPath}
          showPath={false}
        />
      )}
    </Note>
  );
}
