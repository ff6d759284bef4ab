import {
  assessStrictReadiness,
  AuthorizationQuery,
  AuthorizationResponse,
  ComponentAccessAnswer,
  ComponentSecurity,
  NamespaceReadiness,
  resolveComponentAccess,
  resolveComponentAuthorization,
  StrictReadiness,
  StrictScope,
} from '@istio-backstage/plugin-istio-common';
import { ResultCache } from '../caching/ResultCache';
import type { LocatedComponent } from '../mesh/ComponentResolver';
import type { Traffic } from '../mesh/ComponentTraffic';
import type { WorkloadDirectory } from '../mesh/WorkloadDirectory';
import { windowUpTo } from '../mesh/windowUpTo';
import type { Evidence, EvidenceTraffic } from './EvidenceTraffic';
import { hideInAnswer, hideInReadiness, sightOf } from './hideForeign';
import { readQuestion } from './readQuestion';

export interface SecurityReaderOptions {
  evidence: EvidenceTraffic;
  directory: Pick<WorkloadDirectory, 'ownerOf' | 'matchOf'>;
  now?: () => number;
}

/** More than this a list to choose from does not help; any other name can be typed. */
const MAX_ASKABLE = 500;

/** Who may call, who does, and whether it could be strict. Asks nothing of a cluster but its telemetry. */
export class SecurityReader {
  private readonly readiness = new ResultCache<StrictReadiness>(500);
  private readonly access = new ResultCache<ComponentAccessAnswer>(500);

  constructor(private readonly options: SecurityReaderOptions) {}

  /** `among`: components that the person may see. */
  async ofComponent(
    located: LocatedComponent,
    request: {
      traffic: Traffic;
      overSeconds: number;
      among: ReadonlySet<string>;
    },
  ): Promise<
    Pick<
      ComponentSecurity,
      'evidence' | 'readiness' | 'access' | 'askable' | 'errors'
    >
  > {
    const { traffic, overSeconds, among } = request;
    const { match, snapshots } = located;
    const evidence = await this.observe(located, overSeconds);
    const sight = sightOf(this.options.directory, among);
    const { workloads } = match;
    const readiness = this.assess(located, {
      scope: { kind: 'workloads', workloads },
      evidence,
      traffic,
      seconds: overSeconds,
    });
    const access = this.access.get({
      key: `${located.entityRef} ${traffic.seconds} ${overSeconds}`,
      dependsOn: [
        match,
        ...snapshots,
        ...traffic.observations,
        ...evidence.observations,
      ],
      compute: () =>
        resolveComponentAccess({
          match,
          snapshots,
          observations: traffic.observations,
          evidence: evidence.observations,
        }),
    });
    return {
      evidence: this.windowOf(evidence, overSeconds),
      readiness: hideInReadiness(readiness, sight),
      access: {
        ...access,
        callers: access.callers.map(caller => ({
          ...caller,
          ...sight({ namespace: caller.namespace, name: caller.workload })
            .owner,
        })),
      },
      askable: this.listAskable(among),
      errors: evidence.errors,
    };
  }

  /** Each namespace the component runs in, as a whole. */
  async ofNamespaces(
    located: LocatedComponent,
    request: { overSeconds: number; among: ReadonlySet<string> },
  ): Promise<Pick<NamespaceReadiness, 'evidence' | 'items' | 'errors'>> {
    const { overSeconds, among } = request;
    const evidence = await this.observe(located, overSeconds);
    const sight = sightOf(this.options.directory, among);
    return {
      evidence: this.windowOf(evidence, overSeconds),
      items: namespacesOf(located).map(namespace => ({
        namespace,
        readiness: hideInReadiness(
          this.assess(located, {
            scope: { kind: 'namespace', namespace },
            evidence,
            seconds: overSeconds,
          }),
          sight,
        ),
      })),
      errors: evidence.errors,
    };
  }

  /** Throws InputError for a question that cannot be read. */
  ask(
    located: LocatedComponent,
    request: { query: AuthorizationQuery; among: ReadonlySet<string> },
  ): Omit<AuthorizationResponse, 'entityRef' | 'clusters' | 'errors'> {
    const { query, among } = request;
    const { match, snapshots } = located;
    const question = readQuestion(query);
    const answer = resolveComponentAuthorization({
      match,
      snapshots,
      question,
    });
    const [namespace] = answer.caller.name.split('/');
    const { hidden } = sightOf(
      this.options.directory,
      among,
    )({
      namespace,
      name: answer.caller.workload,
    });
    const own = new Set(namespacesOf(located));
    return hidden
      ? {
          ...answer,
          answers: answer.answers.map(one => hideInAnswer(one, own)),
        }
      : answer;
  }

  private observe(
    located: LocatedComponent,
    seconds: number,
  ): Promise<Evidence> {
    const running = new Set(located.match.workloads.map(one => one.cluster));
    return this.options.evidence.observe({
      clusters: located.clusters.filter(cluster => running.has(cluster)),
      namespaces: namespacesOf(located),
      seconds,
    });
  }

  private assess(
    { entityRef, snapshots, match }: LocatedComponent,
    of: {
      scope: StrictScope;
      evidence: Evidence;
      traffic?: Traffic;
      seconds: number;
    },
  ): StrictReadiness {
    const { scope, evidence, traffic } = of;
    const running = new Set(match.workloads.map(one => one.cluster));
    const here = snapshots.filter(({ cluster }) => running.has(cluster));
    const what = scope.kind === 'namespace' ? scope.namespace : scope.kind;
    return this.readiness.get({
      key: `${entityRef} ${what} ${of.seconds}`,
      dependsOn: [
        match,
        ...snapshots,
        ...evidence.observations,
        ...(traffic?.observations ?? []),
        JSON.stringify(evidence.leftOut),
      ],
      compute: () =>
        assessStrictReadiness({
          scope,
          snapshots: here,
          observations: evidence.observations,
          recent: traffic?.observations,
          leftOut: evidence.leftOut,
        }),
    });
  }

  private listAskable(
    among: ReadonlySet<string>,
  ): ComponentSecurity['askable'] {
    const found = new Map<string, string>();
    for (const entityRef of [...among].sort()) {
      const match = this.options.directory.matchOf(entityRef);
      for (const { namespace, name } of match?.workloads ?? []) {
        if (found.size < MAX_ASKABLE) {
          found.set(`${namespace}/${name}`, entityRef);
        }
      }
    }
    return [...found]
      .map(([name, entityRef]) => ({ name, entityRef }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private windowOf({ observations }: Evidence, seconds: number) {
    const now = this.options.now ?? Date.now;
    const ends = observations.map(one => one.window.to);
    return windowUpTo(ends.length > 0 ? Math.max(...ends) : now(), seconds);
  }
}

function namespacesOf({ match }: LocatedComponent): string[] {
  return [...new Set(match.workloads.map(({ namespace }) => namespace))].sort();
}
