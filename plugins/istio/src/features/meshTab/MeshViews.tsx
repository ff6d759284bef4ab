import { Suspense, lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import type { Entity } from '@backstage/catalog-model';
import type { ComponentMesh } from '@istio-backstage/plugin-istio-common';
import { LinesSkeleton } from '../../components';
import type { OpenIntent } from '../intents/types';
import { Overview } from '../overview/Overview';
import type { SignalsState } from '../overview/HealthCard';
import { TrafficView } from '../traffic/TrafficView';
import type { SelectedScope } from './useMeshScope';

const ChangesView = lazy(() =>
  import('../changes/ChangesView').then(module => ({
    default: module.ChangesView,
  })),
);

const SecurityView = lazy(() =>
  import('../security/SecurityView').then(module => ({
    default: module.SecurityView,
  })),
);

const FindingsView = lazy(() =>
  import('../findings/FindingsView').then(module => ({
    default: module.FindingsView,
  })),
);

/** What the views of the tab are given. */
export interface MeshViewProps {
  entity: Entity;
  entityRef: string;
  /** Path of the tab. */
  base: string;
  scope: SelectedScope;
  mesh: ComponentMesh;
  signals: SignalsState;
  /** Opens a dialog; absent where the user may not change the component. */
  openIntent?: OpenIntent;
}

/** The view that the address names; an unknown one leads to the overview. */
export function MeshViews(props: MeshViewProps) {
  const { entityRef, base, scope, mesh, openIntent } = props;
  const found = mesh.health !== undefined;
  return (
    <Routes>
      <Route index element={found ? <Overview {...props} /> : null} />
      <Route
        path="traffic"
        element={found ? <TrafficView {...props} /> : null}
      />
      <Route
        path="security"
        element={
          <Suspense
            fallback={<LinesSkeleton lines={8} label="Loading security" />}
          >
            {found ? <SecurityView {...props} /> : null}
          </Suspense>
        }
      />
      <Route
        path="findings"
        element={
          <Suspense
            fallback={<LinesSkeleton lines={8} label="Loading findings" />}
          >
            <FindingsView
              entityRef={entityRef}
              clusters={scope.clusters}
              openIntent={openIntent}
            />
          </Suspense>
        }
      />
      <Route
        path="changes/*"
        element={
          <Suspense
            fallback={<LinesSkeleton lines={8} label="Loading changes" />}
          >
            <ChangesView entityRef={entityRef} />
          </Suspense>
        }
      />
      <Route
        path="*"
        element={<Navigate to={`${base}${scope.search}`} replace />}
      />
    </Routes>
  );
}
