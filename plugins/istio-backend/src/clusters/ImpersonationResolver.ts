import { parseEntityRef } from '@backstage/catalog-model';
import type {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  ActingUser,
  ActingUserResolver,
} from '@istio-backstage/plugin-istio-node';

/** Annotation on a User entity: the name this person has in the clusters. */
export const KUBERNETES_USER_ANNOTATION = 'istio-portal.dev/kubernetes-user';

/** How portal users become cluster users. Templates know `{name}` and `{namespace}` of an entity. */
export interface ImpersonationConfig {
  /** Template over the user's entity ref, e.g. `{name}` or `oidc:{name}@example.com`. */
  user?: string;
  /** Template over each group the user belongs to; absent: no groups are sent. */
  groups?: string;
  /** By entity ref of the user; what stands here is used instead of template and annotation. */
  users?: Record<string, { user?: string; groups?: string[] }>;
}

/** Options of {@link ImpersonationResolver}. */
export interface ImpersonationResolverOptions {
  /** Absent: nobody acts in the clusters, with that as the reason. */
  config?: ImpersonationConfig;
  userInfo: UserInfoService;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
}

type Identity = { actingUser: ActingUser } | { reason: string };

/**
 * Names the cluster user of a portal user from configuration, never from the request. Names that
 * Kubernetes keeps for itself (`system:…`) are refused: one of them would be more power than the
 * person has. The order of precedence is configuration by user, the annotation, the template.
 */
export class ImpersonationResolver implements ActingUserResolver {
  static create(options: ImpersonationResolverOptions): ImpersonationResolver {
    return new ImpersonationResolver(options);
  }

  private constructor(private readonly options: ImpersonationResolverOptions) {}

  async resolve(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
    _cluster: string,
  ): Promise<Identity> {
    const { config, userInfo } = this.options;
    if (!config) {
      return {
        reason:
          'Changes are off: the configuration has no istio.impersonation, so the portal does not know as whom to act',
      };
    }
    const userRef = credentials.principal.userEntityRef;
    const given = config.users?.[userRef];
    const user =
      given?.user ??
      (await this.annotatedUser(userRef)) ??
      (config.user === undefined ? undefined : fill(config.user, userRef));
    if (user === undefined) {
      return {
        reason: `No cluster user is configured for ${userRef} (istio.impersonation.user)`,
      };
    }
    const groups =
      given?.groups ??
      (config.groups === undefined
        ? []
        : groupsOf(
            (await userInfo.getUserInfo(credentials)).ownershipEntityRefs,
            config.groups,
          ));
    const problem =
      problemOf('user', user) ??
      groups
        .map(group => problemOf('group', group))
        .find(found => found !== undefined);
    return problem
      ? { reason: `${userRef} cannot act in a cluster: ${problem}` }
      : { actingUser: { user, groups: [...new Set(groups)].sort() } };
  }

  private async annotatedUser(userRef: string): Promise<string | undefined> {
    const { auth, catalog } = this.options;
    const entity = await catalog.getEntityByRef(userRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    return entity?.metadata.annotations?.[KUBERNETES_USER_ANNOTATION];
  }
}

function groupsOf(ownershipRefs: string[], template: string): string[] {
  return ownershipRefs
    .filter(
      ref => parseEntityRef(ref).kind.toLocaleLowerCase('en-US') === 'group',
    )
    .map(ref => fill(template, ref));
}

function fill(template: string, entityRef: string): string {
  const { name, namespace } = parseEntityRef(entityRef);
  return template.replace(/\{(name|namespace)\}/g, (_, field) =>
    field === 'name' ? name : namespace,
  );
}

function problemOf(what: 'user' | 'group', name: string): string | undefined {
  if (name.trim() === '') {
    return `its ${what} name is empty`;
  }
  if (/^\s*system:/i.test(name)) {
    return `the ${what} name "${name}" is kept for Kubernetes itself`;
  }
  // HTTP headers carry printable ASCII; anything else could be read as another name or another header.
  return /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(name) && name.length <= 256
    ? undefined
    : `its ${what} name has characters that cannot be sent (printable ASCII, at most 256)`;
}
