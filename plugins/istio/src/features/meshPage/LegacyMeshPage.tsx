import { PluginHeader } from '@backstage/ui';
import { MeshIcon } from '../../components/MeshIcon';
import { MeshPage } from './MeshPage';

/** The mesh page with the header that the new frontend system adds by itself. */
export function LegacyMeshPage() {
  return (
    <>
      <PluginHeader title="Mesh" icon={<MeshIcon />} />
      <MeshPage />
    </>
  );
}
