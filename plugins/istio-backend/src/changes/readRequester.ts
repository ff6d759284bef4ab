import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';

/** Who asks, with the groups they act for at that moment. */
export async function readRequester(
  userInfo: UserInfoService,
  credentials: BackstageCredentials<BackstageUserPrincipal>,
): Promise<{ entityRef: string; groups: string[] }> {
  const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
  return {
    entityRef: credentials.principal.userEntityRef,
    groups: ownershipEntityRefs.filter(
      ref => parseEntityRef(ref).kind.toLocaleLowerCase('en-US') === 'group',
    ),
  };
}
