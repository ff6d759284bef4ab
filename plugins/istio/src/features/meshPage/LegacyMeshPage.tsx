import { Content, Header, HeaderLabel, Page } from '@backstage/core-components';
import { MeshPage, type MeshPageFrame } from './MeshPage';

function renderFrame({ facts, controls, children }: MeshPageFrame) {
  return (
    <Page themeId="tool">
      <Header title="Mesh" subtitle="Clusters and components in the mesh">
        {facts.map(({ label, value }) => (
          <HeaderLabel key={label} label={label} value={value} />
        ))}
        {controls}
      </Header>
      <Content noPadding>{children}</Content>
    </Page>
  );
}

/** The mesh page in the frame that pages of the old frontend system have. */
export function LegacyMeshPage() {
  return <MeshPage renderFrame={renderFrame} />;
}
