import { execFile } from 'node:child_process';

const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs a short command to its end.
 *
 * @throws Error with what the command said
 */
export function runCommand(
  command: string,
  args: string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<string> {
  const { input, env, cwd } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { maxBuffer: MAX_OUTPUT, env, cwd },
      (error, stdout, stderr) => {
        if (!error) {
          resolve(stdout);
          return;
        }
        const said = (stderr || stdout || error.message).trim();
        reject(new Error(`${command} ${args.join(' ')}: ${said}`));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** `ip` of iproute2 with these words. */
export const ip = (...words: string[]) => runCommand('ip', words);

/** Several `ip` commands in one process, in a namespace or in the machine's own; the first failure ends them. */
export async function ipBatch(
  lines: string[],
  namespace?: string,
): Promise<void> {
  const prefix = namespace ? ['-n', namespace] : [];
  await runCommand('ip', [...prefix, '-batch', '-'], {
    input: `${lines.join('\n')}\n`,
  });
}

/** Network namespaces that have a name. */
export async function listNamespaces(): Promise<string[]> {
  const text = await ip('netns', 'list');
  return text
    .split('\n')
    .map(line => line.split(' ')[0])
    .filter(Boolean);
}
