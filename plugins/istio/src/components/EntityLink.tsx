import type { ReactNode } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from 'react-router-dom';
import { presentRefName } from './presentRef';
import { ENTITY_CONTENT_PATH } from '../routes';
import styles from './text.module.css';

/** A catalog entity by name, linked to its page; with `mesh` to its Mesh tab, or a view of it with what is open there. */
export function EntityLink(props: {
  entityRef: string;
  children?: ReactNode;
  mesh?: boolean | 'security' | `findings?${string}`;
  /** Stands inside a sentence. */
  inline?: boolean;
}) {
  const { entityRef, children, mesh, inline } = props;
  const linkTo = useEntityRefLink();
  const page = linkTo(parseEntityRef(entityRef));
  const view = typeof mesh === 'string' ? `/${mesh}` : '';
  return (
    <Link
      className={inline ? styles.inline : styles.link}
      to={mesh ? `${page}${ENTITY_CONTENT_PATH}${view}` : page}
      title={entityRef}
    >
      {children ?? presentRefName(entityRef)}
    </Link>
  );
}
