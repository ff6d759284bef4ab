import { IstioSurface } from '../../data';
import { MeshTab } from './MeshTab';

/** The Mesh tab as the entity page mounts it. */
export function EntityMeshContent() {
  return (
    <IstioSurface>
      <MeshTab />
    </IstioSurface>
  );
}
