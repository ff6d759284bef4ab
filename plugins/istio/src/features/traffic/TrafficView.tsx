import { MeshCard } from '../../components';
import { useLabels } from '../../translation';
import type { MeshViewProps } from '../meshTab/MeshViews';
import { ExposureCard } from './ExposureCard';
import { RequestCard } from './request/RequestCard';
import { ResilienceCard } from './ResilienceCard';
import { RoutesCards } from './RoutesCard';
import { VersionsCard } from './VersionsCard';
import styles from './traffic.module.css';

/** Where requests to the component go, why, under which limits, and from where they may come. */
export function TrafficView(props: MeshViewProps) {
  const { mesh, openIntent } = props;
  const t = useLabels();
  if (!mesh.split) {
    return (
      <MeshCard title={t('cards.routes')}>
        <p>
          No Service belongs to this component, so there is nothing that routes
          could send requests to.
        </p>
      </MeshCard>
    );
  }
  return (
    <div className={styles.stack}>
      <div className={styles.columns}>
        <div className={styles.stack}>
          <RoutesCards
            split={mesh.split}
            clusters={mesh.clusters}
            openIntent={openIntent}
          />
        </div>
        <VersionsCard split={mesh.split} clusters={mesh.clusters} />
      </div>
      <div className={`${styles.columns} ${styles.even}`}>
        <RequestCard {...props} />
        <div className={styles.stack}>
          <ResilienceCard {...props} />
          <ExposureCard {...props} />
        </div>
      </div>
    </div>
  );
}
