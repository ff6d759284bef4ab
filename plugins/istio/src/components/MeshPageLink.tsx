import { Component } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useRouteRef } from '@backstage/core-plugin-api';
import { rootRouteRef } from '../routes';
import text from './text.module.css';

/** A portal may have the Mesh tab and not the page; asking for its path throws then. */
class Unmounted extends Component<{ children: ReactNode }> {
  static getDerivedStateFromError() {
    return { isUnmounted: true };
  }

  state = { isUnmounted: false };

  render() {
    return this.state.isUnmounted ? null : this.props.children;
  }
}

function Mounted(props: { path: string; children: ReactNode }) {
  const root = useRouteRef(rootRouteRef)();
  return (
    <Link
      className={text.inline}
      to={`${root.replace(/\/+$/, '')}${props.path}`}
    >
      {props.children}
    </Link>
  );
}

/** A place of the mesh page; nothing where the portal has no such page. */
export function MeshPageLink(props: {
  /** Below the page: `/audit?thread=…`. */
  path: string;
  children: ReactNode;
}) {
  return (
    <Unmounted>
      <Mounted {...props} />
    </Unmounted>
  );
}
