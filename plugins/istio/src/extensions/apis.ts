import { ApiBlueprint } from '@backstage/frontend-plugin-api';
import { istioApiFactory } from '../api';

export const istioApi = ApiBlueprint.make({
  params: defineParams => defineParams(istioApiFactory),
});
