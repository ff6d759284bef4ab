import type { ReactNode } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { ComponentMesh } from '@istio-backstage/plugin-istio-common';
import {
  CardSkeleton,
  EmptyState,
  EntityLink,
  ErrorNote,
  MeshCard,
  SourceErrors,
  StaleClusterNotes,
  unsaidErrors,
} from '../../components';
import { IstioSurface, useComponentMesh, useGoldenSignals } from '../../data';
import { useLabels } from '../../translation';
import { sparklineWindow, DEFAULT_WINDOW } from '../meshTab/meshWindows';
import { EncryptionCard } from '../overview/EncryptionCard';
import { HealthCard } from '../overview/HealthCard';
import { TrafficSplitCard } from '../overview/TrafficSplitCard';

/** Loads the component's mesh data and hands it to one card; the other states look alike. */
function EntityMeshCard(props: {
  title: string;
  lines: number;
  render: (mesh: ComponentMesh, entityRef: string) => ReactNode | null;
  /** What is missing when the component is there and this value is not. */
  missing: string;
}) {
  const { title, lines, render, missing } = props;
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const { data, error, refetch } = useComponentMesh(entityRef, {
    window: DEFAULT_WINDOW,
  });
  if (!data && error) {
    return (
      <MeshCard title={title}>
        <ErrorNote what={title} error={error} onRetry={() => refetch()} />
      </MeshCard>
    );
  }
  if (!data) return <CardSkeleton title={title} lines={lines} />;
  const card = render(data, entityRef);
  if (card) return <>{card}</>;
  return (
    <MeshCard title={title}>
      <SourceErrors errors={unsaidErrors(data)} />
      <StaleClusterNotes clusters={data.clusters} />
      {data.match.empty ? (
        <EmptyState {...data.match.empty} />
      ) : (
        <p>{missing}</p>
      )}
    </MeshCard>
  );
}

function OpenMesh(props: { entityRef: string }) {
  return (
    <EntityLink entityRef={props.entityRef} mesh>
      Open Mesh
    </EntityLink>
  );
}

/** Health of the component as a card of the entity page. */
export function EntityHealthCard() {
  return (
    <IstioSurface>
      <HealthCardContent />
    </IstioSurface>
  );
}

function HealthCardContent() {
  const t = useLabels();
  const { entity } = useEntity();
  const signals = useGoldenSignals(
    stringifyEntityRef(entity),
    sparklineWindow(DEFAULT_WINDOW),
  );
  return (
    <EntityMeshCard
      title={t('cards.health')}
      lines={8}
      missing="The health of this component could not be computed."
      render={(mesh, entityRef) =>
        mesh.health && (
          <HealthCard
            mesh={mesh}
            signals={signals}
            action={<OpenMesh entityRef={entityRef} />}
          />
        )
      }
    />
  );
}

/** Encryption of the component's traffic as a card of the entity page. */
export function EntityMtlsCard() {
  return (
    <IstioSurface>
      <MtlsCardContent />
    </IstioSurface>
  );
}

function MtlsCardContent() {
  const t = useLabels();
  return (
    <EntityMeshCard
      title={t('cards.encryption')}
      lines={7}
      missing="What this component’s ports accept could not be read."
      render={(mesh, entityRef) =>
        mesh.mtls && (
          <EncryptionCard
            mtls={mesh.mtls}
            clusters={mesh.clusters}
            counted={mesh.health?.countedClusters}
            action={<OpenMesh entityRef={entityRef} />}
          />
        )
      }
    />
  );
}

/** Configured and observed split as a card of the entity page. */
export function EntityTrafficSplitCard() {
  return (
    <IstioSurface>
      <SplitCardContent />
    </IstioSurface>
  );
}

function SplitCardContent() {
  const t = useLabels();
  return (
    <EntityMeshCard
      title={t('cards.split')}
      lines={6}
      missing="No Service belongs to this component, so nothing splits its traffic."
      render={(mesh, entityRef) =>
        mesh.split && (
          <TrafficSplitCard
            split={mesh.split}
            clusters={mesh.clusters}
            action={<OpenMesh entityRef={entityRef} />}
          />
        )
      }
    />
  );
}
