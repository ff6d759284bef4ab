import { buildGuard } from '@istio-backstage/plugin-istio-common';
import { dump } from 'js-yaml';
import type { CommandOptions } from '../arguments/options';
import { choiceFlag, textsFlag } from '../arguments/readFlags';
import { clusterFlag, readPolicyFile } from '../input/readPolicyFile';
import type { ExitCode, Terminal } from '../types';

/** Prints the admission policies, to be applied by who runs the cluster. */
export function guard(options: CommandOptions, terminal: Terminal): ExitCode {
  const output = choiceFlag(options.values, 'output', ['yaml', 'json']);
  const file = readPolicyFile(options, terminal);
  const objects = buildGuard({
    file,
    cluster: clusterFlag(options, file),
    exemptGroups: textsFlag(options.values, 'exempt-group'),
  });
  terminal.out(
    output === 'json'
      ? `${JSON.stringify(
          { apiVersion: 'v1', kind: 'List', items: objects },
          null,
          2,
        )}\n`
      : objects
          .map(object => dump(object, { lineWidth: -1, noRefs: true }))
          .join('---\n'),
  );
  return 0;
}
