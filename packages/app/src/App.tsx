import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

/**
 * The demo portal. Plugins other than these are found in package.json (`app.packages: all`), the
 * Istio plugin among them: an adopter's portal needs no more than the dependency.
 */
export default createApp({
  features: [catalogPlugin, navModule, signInModule],
});
