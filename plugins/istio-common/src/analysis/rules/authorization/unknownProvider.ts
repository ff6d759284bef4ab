import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readMeshSecurity } from '../../../resources/meshConfig';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/security/authz/builder getExtAuthz; a provider that is not found makes the filter deny. */
export const unknownProvider: Rule = {
  code: 'ISB0623',
  name: 'authorization-policy-unknown-provider',
  title: 'A CUSTOM policy names a provider that meshConfig does not have',
  severity: 'error',
  explanation:
    'Istio looks for the provider among the external authorization services of meshConfig.extensionProviders. Where it finds none it denies every request that a rule of the policy matches.',
  remedy:
    'Correct the name, or have the provider added to meshConfig.extensionProviders by whoever runs the mesh.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const { action, provider } = readAuthorizationPolicy(subject);
    const { providers } = readMeshSecurity(snapshot.meshConfig);
    if (action !== 'CUSTOM' || !providers || !provider) return [];
    if (providers.some(({ name }) => name === provider)) return [];
    const known = providers.map(({ name }) => name).join(', ');
    return [
      {
        message: `meshConfig has no external authorization provider ${provider} (${
          known ? `it has ${known}` : 'it has none'
        }): what the rules match is denied.`,
        path: 'spec.provider.name',
      },
    ];
  },
};
