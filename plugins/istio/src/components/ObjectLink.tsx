import { Link, useLocation } from 'react-router-dom';
import type { ObjectRef } from '@istio-backstage/plugin-istio-common';
import { withObject } from './objectAddress';
import { presentObjectName } from './presentObject';
import text from './text.module.css';

/**
 * Names one object of a cluster and opens its YAML, the field marked; the URL then says so. The field
 * path stands on a second line unless the surroundings say it.
 */
export function ObjectLink(props: {
  object: ObjectRef;
  /** Field that is marked: `spec.mtls.mode`, or `http[0]` below spec. */
  fieldPath?: string;
  /** The path on a line of its own, on by default. */
  showPath?: boolean;
  /** Kind before the name, on by default. */
  showKind?: boolean;
}) {
  const { object, fieldPath = '', showPath = true, showKind = true } = props;
  const { pathname, search } = useLocation();
  const name = presentObjectName(object);
  return (
    <>
      {showKind ? `${object.kind} ` : null}
      <Link
        className={text.inline}
        to={{ pathname, search: withObject(search, { object, fieldPath }) }}
        aria-label={`${object.kind} ${name}${
          fieldPath ? `, field ${fieldPath}` : ''
        }`}
        title={`${object.apiVersion}, cluster ${object.cluster}`}
      >
        {name}
      </Link>
      {fieldPath && showPath && (
        <span className={text.second}>{fieldPath}</span>
      )}
    </>
  );
}
