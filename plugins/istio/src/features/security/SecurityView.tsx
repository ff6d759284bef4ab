import {
  BusyBar,
  CardGrid,
  CardSkeleton,
  ErrorNote,
  SourceErrors,
  unsaidErrors,
} from '../../components';
import { useComponentSecurity } from '../../data';
import { useLabels } from '../../translation';
import type { MeshViewProps } from '../meshTab/MeshViews';
import { AskCard } from './AskCard';
import { CallersCard } from './CallersCard';
import { PortsCard } from './PortsCard';
import { useSecurityUrl } from './questionUrl';
import { ReadinessCard } from './ReadinessCard';

/** Encryption per port, readiness for STRICT, who may call and who does. */
export function SecurityView(props: MeshViewProps) {
  const { entity, entityRef, scope, mesh, openIntent } = props;
  const { name } = entity.metadata;
  const t = useLabels();
  const url = useSecurityUrl();
  const security = useComponentSecurity(entityRef, {
    window: scope.window,
    clusters: scope.clusters,
    over: url.over,
  });
  const { data } = security;
  const loading = !data && security.isPending;
  const actions = mesh.split && { openIntent };
  const common = { entityRef, name, clusters: scope.clusters, url, ...actions };
  return (
    <>
      {security.isPlaceholderData && <BusyBar label="Reading the traffic" />}
      {security.error && (
        <ErrorNote
          what="The security of this component"
          error={security.error}
          onRetry={() => security.refetch()}
        />
      )}
      {data && (
        <SourceErrors
          errors={unsaidErrors({
            errors: data.errors,
            clusters: data.clusters,
            said: mesh.errors,
          })}
        />
      )}
      <CardGrid>
        {data && <ReadinessCard {...common} security={data} />}
        {loading && (
          <CardSkeleton title={t('cards.readiness')} span={7} lines={8} />
        )}
        {/* Policies are known before a day of traffic is read. */}
        {mesh.mtls && (
          <PortsCard mtls={mesh.mtls} clusters={mesh.clusters} {...actions} />
        )}
        {data && <AskCard {...common} security={data} />}
        {data?.access && (
          <CallersCard
            name={name}
            security={data}
            access={data.access}
            {...actions}
          />
        )}
        {loading && <CardSkeleton title={t('cards.ask')} span={5} lines={6} />}
      </CardGrid>
    </>
  );
}
