import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { useApi } from '@backstage/core-plugin-api';
import { istioApiRef } from '../api';
import theme from '../components/theme.module.css';
import { ObjectViewerHost } from '../features/objectViewer/ObjectViewerHost';
import { meshConnectionOf } from './meshConnection';

/**
 * Follows the changes of the mesh while mounted: queries of components that an event names are
 * asked again. Any number of users share one event stream.
 */
export function useMeshEvents(): void {
  const api = useApi(istioApiRef);
  useEffect(() => meshConnectionOf(api).listen(), [api]);
}

/**
 * Outermost element of everything this plugin mounts (tab, page, card): queries, live events and
 * the plugin's tokens, and the object that the URL opens. Surfaces on one page share requests and the event stream.
 */
export function IstioSurface(props: { children: ReactNode }) {
  const api = useApi(istioApiRef);
  useMeshEvents();
  return (
    <QueryClientProvider client={meshConnectionOf(api).queryClient}>
      <div className={theme.surface}>
        {props.children}
        <ObjectViewerHost />
      </div>
    </QueryClientProvider>
  );
}
