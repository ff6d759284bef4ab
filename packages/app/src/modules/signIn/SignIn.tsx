import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import { ChoosePerson } from './ChoosePerson';

/** One person on their own machine needs no page; the demo asks who one wants to be. */
export const SignIn = (props: SignInPageProps) => {
  const mode = useApi(configApiRef).getOptionalString('app.signIn.mode');
  return mode === 'sandbox' ? (
    <ChoosePerson {...props} />
  ) : (
    <ProxiedSignInPage {...props} provider="guest" />
  );
};
