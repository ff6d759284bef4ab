import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { GitHubSink } from '../../sinks/GitHubSink';

/** GitHub at this host, with a token. */
export function sinkOf(host: { url: string }, token: string): GitHubSink {
  return GitHubSink.create({
    integrations: ScmIntegrations.fromConfig(
      new ConfigReader({
        integrations: {
          github: [
            {
              host: new URL(host.url).host,
              apiBaseUrl: `${host.url}/api/v3`,
              token,
            },
          ],
        },
      }),
    ),
  });
}
