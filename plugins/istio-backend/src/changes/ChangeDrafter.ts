import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  apiVersionOf,
  assessPlan,
  bindIntent,
  decidesAccess,
  invertPlan,
  planChange,
  resolveTrafficSplit,
  waiveApprovals,
  type ChangeProposal,
  type GuardrailVerdict,
  type Intent,
  type MeshSnapshot,
  type ObjectRef,
  type Plan,
  type PlanAssessment,
  type TrafficObservation,
} from '@istio-backstage/plugin-istio-common';
import type {
  ActingUser,
  ActingUserResolver,
  MeshReader,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import type { Guardrails } from '../policies/Guardrails';
import { endSentence } from './changeWords';
import { checkTargets } from './checkTargets';
import type { Component, ComponentLookup } from './ComponentLookup';
import type { LiveSnapshots } from './LiveSnapshots';
import { observeSinceChange } from './observeSinceChange';
import { operationsInForce } from './operationsInForce';
import {
  judgeProposal,
  type ProposalDrafter,
} from './proposals/ProposalDrafter';
import { readRequester } from './readRequester';
import type { StoredChange } from './types';
import type { WorkloadOwners } from './WorkloadOwners';

/** Seconds of traffic that a preview averages over. */
const OBSERVED_SECONDS = 300;
/** Who is to be refused may call rarely: a plan that decides who may call looks at a day. */
const CALLERS_SECONDS = 86_400;

/** A plan with everything said about it before a cluster is asked. */
export interface ChangeDraft {
  entityRef: string;
  intentType: string;
  /** What traffic is compared with afterwards. */
  intent?: Intent;
  title: string;
  plan: Plan;
  assessment: PlanAssessment;
  guardrails: GuardrailVerdict[];
  keptAsIs: string[];
  actingUsers: Record<string, ActingUser>;
  /** Where it goes instead of the clusters. */
  proposal?: ChangeProposal;
  /** Clusters the person cannot act in, with the reason. */
  identityProblems: string[];
  revertOf?: string;
}

/** Options of {@link ChangeDrafter}. */
export interface ChangeDrafterOptions {
  components: ComponentLookup;
  snapshots: LiveSnapshots;
  reader: MeshReader;
  telemetry: TelemetryProvider;
  actingUsers: ActingUserResolver;
  owners: WorkloadOwners;
  guardrails: Guardrails;
  proposals: ProposalDrafter;
  userInfo: UserInfoService;
}

type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

/** Turns intents and reverts into plans on objects that were read just now. */
export class ChangeDrafter {
  static create(options: ChangeDrafterOptions): ChangeDrafter {
    return new ChangeDrafter(options);
  }

  private constructor(private readonly options: ChangeDrafterOptions) {}

  async draftIntent(
    request: { entityRef: string; intent: Intent },
    credentials: UserCredentials,
  ): Promise<ChangeDraft> {
    const { entityRef, intent } = request;
    const { clusters } = intent.params;
    const component = await this.options.components.find(
      entityRef,
      credentials,
    );
    checkTargets({
      intent,
      component,
      configured: this.options.reader.clusters().map(({ name }) => name),
      snapshots: () => this.options.snapshots.cached(clusters),
    });
    const { result, snapshots } = await this.options.snapshots.compute({
      clusters,
      compute: each => compileAll(intent, each),
      needed: ({ plan }) => [
        ...plan.operations.map(({ object }) => object),
        ...objectsOf(intent),
      ],
    });
    return this.complete({
      credentials,
      component,
      intentType: intent.type,
      intent,
      snapshots,
      plan: result.plan,
      keptAsIs: result.keptAsIs,
      title: `${bindIntent(intent).subject}: ${result.title}`,
    });
  }

  /** Throws ConflictError when the objects are not as the change left them. */
  async draftRevert(
    change: StoredChange,
    credentials: UserCredentials,
  ): Promise<ChangeDraft> {
    const operations = operationsInForce(change);
    const component = await this.options.components.find(
      change.entityRef,
      credentials,
    );
    const { result, snapshots } = await this.options.snapshots.compute({
      clusters: [...new Set(operations.map(({ object }) => object.cluster))],
      compute: each => invertPlan({ operations, snapshots: each }),
      needed: () => operations.map(({ object }) => object),
    });
    if (!result.ok) {
      const stale = result.problems.find(({ code }) => code === 'notCurrent');
      if (stale) {
        throw new ServiceUnavailableError(stale.message);
      }
      throw new ConflictError(
        result.problems.map(({ message }) => endSentence(message)).join(' '),
      );
    }
    return this.complete({
      credentials,
      component,
      intentType: 'revert',
      intent:
        change.intent && bindIntent(change.intent).invert(change.versions),
      snapshots,
      plan: result.plan,
      keptAsIs: [],
      title: `revert of “${change.title}”`,
      revertOf: change.id,
    });
  }

  private async complete(options: {
    credentials: UserCredentials;
    component: Component;
    intentType: string;
    intent?: Intent;
    snapshots: MeshSnapshot[];
    plan: Plan;
    keptAsIs: string[];
    title: string;
    revertOf?: string;
  }): Promise<ChangeDraft> {
    const { component, snapshots, plan, intent, credentials } = options;
    const [observations, identities, drafted] = await Promise.all([
      this.observe(snapshots, {
        component,
        seconds: decidesAccess(plan) ? CALLERS_SECONDS : OBSERVED_SECONDS,
      }),
      this.identities(snapshots, credentials),
      this.options.proposals.draft(plan),
    ]);
    const split = await this.splitOf(component, { snapshots, observations });
    const assessed = assessPlan({
      intent,
      plan,
      split,
      match: component.match,
      snapshots,
      observations,
    });
    const assessment = {
      ...assessed,
      callers: await this.options.owners.describeCallers(
        assessed.callers,
        credentials,
      ),
    };
    const judged = await this.options.guardrails.evaluate({
      plan,
      intent: options.revertOf ? undefined : intent,
      match: component.match,
      snapshots,
      assessment,
      requester: await readRequester(this.options.userInfo, credentials),
    });
    const verdicts = judgeProposal(judged, drafted);
    return {
      entityRef: component.entityRef,
      intentType: options.intentType,
      intent,
      title: options.title,
      plan,
      assessment,
      guardrails: options.revertOf ? waiveApprovals(verdicts) : verdicts,
      keptAsIs: options.keptAsIs,
      ...identities,
      ...(drafted && 'proposal' in drafted && { proposal: drafted.proposal }),
      revertOf: options.revertOf,
    };
  }

  private observe(
    snapshots: MeshSnapshot[],
    { component, seconds }: { component: Component; seconds: number },
  ): Promise<TrafficObservation[]> {
    return Promise.all(
      snapshots.map(({ cluster }) =>
        this.options.telemetry.observe({
          cluster,
          namespace: namespaceIn(component, cluster),
          seconds,
        }),
      ),
    );
  }

  /** With what was observed since the route last changed. */
  private async splitOf(
    component: Component,
    world: { snapshots: MeshSnapshot[]; observations: TrafficObservation[] },
  ) {
    const { match } = component;
    return resolveTrafficSplit({
      match,
      snapshots: world.snapshots,
      observations: await observeSinceChange({
        ...world,
        telemetry: this.options.telemetry,
        match,
        namespaceOf: cluster => namespaceIn(component, cluster),
      }),
    });
  }

  private async identities(
    snapshots: MeshSnapshot[],
    credentials: UserCredentials,
  ) {
    const actingUsers: Record<string, ActingUser> = {};
    const identityProblems: string[] = [];
    for (const { cluster } of snapshots) {
      const identity = await this.options.actingUsers.resolve(
        credentials,
        cluster,
      );
      if ('actingUser' in identity) {
        actingUsers[cluster] = identity.actingUser;
      } else if (!identityProblems.includes(identity.reason)) {
        identityProblems.push(identity.reason);
      }
    }
    return { actingUsers, identityProblems };
  }
}

function namespaceIn({ match }: Component, cluster: string) {
  return match.services.find(each => each.cluster === cluster)?.namespace;
}

/** Throws with the field of the request for what a cluster's objects do not allow. */
function compileAll(intent: Intent, snapshots: MeshSnapshot[]) {
  const bound = bindIntent(intent);
  const compiled = snapshots.map(snapshot => {
    const result = bound.compile(snapshot);
    if (result.ok) {
      return { snapshot, ...result };
    }
    const stale = result.problems.find(({ field }) => field === 'clusters');
    if (stale) {
      throw new ServiceUnavailableError(stale.message);
    }
    throw new InputError(
      result.problems
        .map(({ field, message }) => `intent.params.${field}: ${message}`)
        .join('; '),
    );
  });
  return {
    plan: planChange({ compiled }),
    keptAsIs: [...new Set(compiled.flatMap(({ keptAsIs }) => keptAsIs))],
    title: compiled[0].title,
  };
}

/** Objects the intent names, which are read before anything is computed from them. */
function objectsOf(intent: Intent): ObjectRef[] {
  return bindIntent(intent).targets.flatMap(target => {
    if (target.kind === 'service') return [];
    const object =
      target.kind === 'object'
        ? target.object
        : {
            apiVersion: apiVersionOf(target.route.kind),
            kind: target.route.kind,
            namespace: target.route.namespace,
            name: target.route.name,
          };
    return intent.params.clusters.map(cluster => ({ cluster, ...object }));
  });
}
