import type { ReactNode } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from 'react-router-dom';
import { presentRefName } from './presentRef';
import { ENTITY_CONTENT_PATH } from '../routes';
import styles from './text.module.css';

/** A catalog entity by name, linked to its page; with `mesh` to its Mesh tab. */
export function EntityLink(props: {
  entityRef: string;
  children?: ReactNode;
  mesh?: boolean;
  /** Stands inside a sentence. */
  inline?: boolean;
}) {
  const { entityRef, children, mesh, inline } = props;
  const linkTo = useEntityRefLink();
  const to = linkTo(parseEntityRef(entityRef));
  return (
    <Link
      className={inline ? styles.inline : styles.link}
      to={mesh ? `${to}${ENTITY_CONTENT_PATH}` : to}
      title={entityRef}
    >
      {children ?? presentRefName(entityRef)}
    </Link>
  );
}
