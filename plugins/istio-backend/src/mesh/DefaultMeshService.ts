import {
  ChangeMark,
  ComponentMesh,
  ComponentSecurity,
  EntityAccess,
  GoldenSignals,
  parseMeshClaim,
  resolveProxySync,
  SourceError,
} from '@istio-backstage/plugin-istio-common';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { TelemetryProvider } from '@istio-backstage/plugin-istio-node';
import type { ChangeHistory } from '../changes/types';
import type { FindingReader } from '../findings/FindingReader';
import type { ObjectReader } from '../objects/ObjectReader';
import type { PostureReader } from '../security/PostureReader';
import type { SecurityReader } from '../security/SecurityReader';
import type { AccessReader } from './AccessReader';
import type { CatalogReader } from './CatalogReader';
import type { ClusterStatuses } from './ClusterStatuses';
import type { ComponentResolver, LocatedComponent } from './ComponentResolver';
import type { ComponentTraffic, Traffic } from './ComponentTraffic';
import type { ComponentTable } from './ComponentTable';
import { readGoldenSignals } from './GoldenSignalReader';
import { linkWorkloads, OwnerOf } from './linkWorkloads';
import { MeshContext, MeshService } from './types';
import { windowUpTo } from './windowUpTo';
import type { ProxyStatuses } from './ProxyStatuses';
import type { TrafficRuleReader } from './TrafficRuleReader';
import type { WorkloadDirectory } from './WorkloadDirectory';

export interface DefaultMeshServiceOptions {
  catalog: CatalogReader;
  resolver: ComponentResolver;
  traffic: ComponentTraffic;
  table: ComponentTable;
  directory: WorkloadDirectory;
  statuses: ClusterStatuses;
  telemetry: TelemetryProvider;
  proxyStatuses: ProxyStatuses;
  access: AccessReader;
  findings: FindingReader;
  objects: ObjectReader;
  security: SecurityReader;
  posture: PostureReader;
  trafficRules: TrafficRuleReader;
  history: ChangeHistory;
  now?: () => number;
}

const RECENT_CHANGES = 5;

/** {@link MeshService} over the caches. Sees to it that a person sees only entities of their catalog. */
export class DefaultMeshService implements MeshService {
  static create(options: DefaultMeshServiceOptions): DefaultMeshService {
    return new DefaultMeshService(options);
  }

  private readonly now: () => number;

  private constructor(private readonly options: DefaultMeshServiceOptions) {
    this.now = options.now ?? Date.now;
  }

  async getComponentMesh(
    request: Parameters<MeshService['getComponentMesh']>[0],
    context: MeshContext,
  ): Promise<ComponentMesh> {
    const { resolver, statuses } = this.options;
    const { seconds, clusters } = request;
    const located = await this.locate(request.entityRef, context, clusters);
    const { match, snapshots } = located;
    const [traffic, recent, ownerOf, readings] = await Promise.all([
      this.options.traffic.observe(located, seconds),
      this.recentChanges(located.entityRef),
      this.visibleOwners(context),
      match.empty ? [] : this.options.proxyStatuses.of(snapshots),
    ]);
    const answer = {
      entityRef: located.entityRef,
      window: this.windowOf(traffic),
      clusters: statuses.describe(located.clusters),
      match,
      neighbours: [],
      recentChanges: recent.changes,
      errors: [...located.errors, ...traffic.errors, ...recent.errors],
    };
    if (match.empty) return answer;
    const proxySync = resolveProxySync({ match, snapshots, readings });
    return {
      ...answer,
      ...(proxySync && { proxySync }),
      ...linkWorkloads(resolver.resolve(located, traffic), ownerOf),
    };
  }

  async getSignals(
    request: Parameters<MeshService['getSignals']>[0],
    context: MeshContext,
  ): Promise<GoldenSignals> {
    const { telemetry, statuses } = this.options;
    const located = await this.locate(request.entityRef, context);
    const recent = await this.recentChanges(located.entityRef);
    const running = new Set(located.match.workloads.map(one => one.cluster));
    const signals = await readGoldenSignals({
      telemetry,
      match: located.match,
      clusters: [...running].filter(cluster => statuses.isCurrent(cluster)),
      seconds: request.seconds,
      now: this.now(),
      changes: recent.changes,
    });
    return {
      entityRef: located.entityRef,
      ...signals,
      errors: [...located.errors, ...signals.errors, ...recent.errors],
    };
  }

  async getAccess(
    request: Parameters<MeshService['getAccess']>[0],
    context: MeshContext,
  ): Promise<EntityAccess> {
    const located = await this.locate(request.entityRef, context);
    // The routes do not depend on traffic, so none is asked for.
    const facts = located.match.empty
      ? undefined
      : this.options.resolver.resolve(located, {
          observations: [],
          seconds: 0,
          leftOut: [],
          errors: [],
        });
    return this.options.access.read(located, facts?.split, context);
  }

  async getFindings(
    request: Parameters<MeshService['getFindings']>[0],
    context: MeshContext,
  ) {
    const located = await this.locate(request.entityRef, context);
    return {
      entityRef: located.entityRef,
      ...(await this.options.findings.ofComponent(located)),
      errors: located.errors,
    };
  }

  async getSecurity(
    request: Parameters<MeshService['getSecurity']>[0],
    context: MeshContext,
  ): Promise<ComponentSecurity> {
    const { resolver, statuses, security } = this.options;
    const { seconds, overSeconds, clusters } = request;
    const located = await this.locate(request.entityRef, context, clusters);
    const among = request.among ?? (await this.visibleComponents(context));
    const traffic = await this.options.traffic.observe(located, seconds);
    const answer = {
      entityRef: located.entityRef,
      window: this.windowOf(traffic),
      clusters: statuses.describe(located.clusters),
      match: located.match,
    };
    const errors = [...located.errors, ...traffic.errors];
    if (located.match.empty) {
      const evidence = windowUpTo(this.now(), overSeconds);
      return { ...answer, evidence, askable: [], errors };
    }
    const facts = linkWorkloads(
      resolver.resolve(located, traffic),
      await this.visibleOwners(context),
    );
    const read = await security.ofComponent(located, {
      traffic,
      overSeconds,
      among,
    });
    return {
      ...answer,
      mtls: facts.mtls,
      ...read,
      errors: [...errors, ...read.errors.filter(isNewAmong(errors))],
    };
  }

  async getNamespaceReadiness(
    request: Parameters<MeshService['getNamespaceReadiness']>[0],
    context: MeshContext,
  ) {
    const { statuses, security } = this.options;
    const { overSeconds, clusters } = request;
    const located = await this.locate(request.entityRef, context, clusters);
    const among = request.among ?? (await this.visibleComponents(context));
    const read = await security.ofNamespaces(located, { overSeconds, among });
    return {
      entityRef: located.entityRef,
      clusters: statuses.describe(located.clusters),
      ...read,
      errors: [...located.errors, ...read.errors],
    };
  }

  async askAuthorization(
    request: Parameters<MeshService['askAuthorization']>[0],
    context: MeshContext,
  ) {
    const { query, clusters } = request;
    const located = await this.locate(request.entityRef, context, clusters);
    const among = request.among ?? (await this.visibleComponents(context));
    return {
      entityRef: located.entityRef,
      clusters: this.options.statuses.describe(located.clusters),
      ...this.options.security.ask(located, { query, among }),
      errors: located.errors,
    };
  }

  async getResilience(
    request: Parameters<MeshService['getResilience']>[0],
    context: MeshContext,
  ) {
    const { entityRef, clusters } = request;
    const located = await this.locate(entityRef, context, clusters);
    return this.options.trafficRules.resilience(located);
  }

  async getExposure(
    request: Parameters<MeshService['getExposure']>[0],
    context: MeshContext,
  ) {
    const { entityRef, clusters } = request;
    const located = await this.locate(entityRef, context, clusters);
    return this.options.trafficRules.exposure(located);
  }

  async askRequest(
    request: Parameters<MeshService['askRequest']>[0],
    context: MeshContext,
  ) {
    const { entityRef, question } = request;
    const located = await this.locate(entityRef, context, [question.cluster]);
    return this.options.trafficRules.ask(located, question);
  }

  async listFindings(
    request: Parameters<MeshService['listFindings']>[0],
    context: MeshContext,
  ) {
    const {
      among = await this.visibleComponents(context),
      everything = false,
      ...query
    } = request;
    return this.options.findings.list({ query, among, everything });
  }

  async getPosture(
    request: Parameters<MeshService['getPosture']>[0],
    context: MeshContext,
  ) {
    const {
      among = await this.visibleComponents(context),
      everything = false,
      ...query
    } = request;
    return this.options.posture.list({ query, among, everything });
  }

  async getObject(
    request: Parameters<MeshService['getObject']>[0],
    context: MeshContext,
  ) {
    const {
      among = await this.visibleComponents(context),
      everything = false,
      ...query
    } = request;
    return this.options.objects.read({ query, among, everything });
  }

  async listComponents(
    request: Parameters<MeshService['listComponents']>[0],
    context: MeshContext,
  ) {
    const { among = await this.visibleComponents(context), ...query } = request;
    return this.options.table.list({ query, among });
  }

  listClusters() {
    const { statuses } = this.options;
    return { items: statuses.describe(statuses.names()) };
  }

  visibleComponents(context: MeshContext): Promise<ReadonlySet<string>> {
    return this.options.catalog.visibleComponents(context);
  }

  private async locate(
    entityRef: string,
    context: MeshContext,
    only?: string[],
  ): Promise<LocatedComponent> {
    const entity = await this.options.catalog.getEntity(entityRef, context);
    return this.options.resolver.locate({
      entityRef: stringifyEntityRef(entity),
      claim: parseMeshClaim(entity),
      only,
    });
  }

  private windowOf({ observations, seconds }: Traffic) {
    const ends = observations.map(one => one.window.to);
    return windowUpTo(
      ends.length > 0 ? Math.max(...ends) : this.now(),
      seconds,
    );
  }

  private async visibleOwners(context: MeshContext): Promise<OwnerOf> {
    const visible = await this.visibleComponents(context);
    return workload => {
      const owner = this.options.directory.ownerOf(workload);
      return owner && visible.has(owner.entityRef) ? owner : undefined;
    };
  }

  /** The record is a source like any other: without it the rest of the page stands. */
  private async recentChanges(
    entityRef: string,
  ): Promise<{ changes: ChangeMark[]; errors: SourceError[] }> {
    try {
      const changes = await this.options.history.listForEntity(
        entityRef,
        RECENT_CHANGES,
      );
      return { changes, errors: [] };
    } catch {
      return {
        changes: [],
        errors: [
          {
            source: 'database',
            message: 'The record of changes could not be read',
          },
        ],
      };
    }
  }
}

/** The same source may fail for both windows. */
function isNewAmong(known: readonly SourceError[]) {
  return ({ cluster, source }: SourceError) =>
    !known.some(one => one.cluster === cluster && one.source === source);
}
