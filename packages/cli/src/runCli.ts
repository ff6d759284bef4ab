import { parseCommand } from './arguments/parseCommand';
import { USAGE } from './arguments/usage';
import { BadInput } from './BadInput';
import { COMMANDS } from './commands/commands';
import { ExitCode, Terminal } from './types';

/** Runs one command line. Whatever is wrong with the input is told in one line on standard error. */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  if (args.length === 0 || ['help', '--help', '-h'].includes(args[0])) {
    terminal.out(USAGE);
    return args.length === 0 ? 2 : 0;
  }
  try {
    const { command, options } = parseCommand(args);
    return await COMMANDS[command](options, terminal);
  } catch (error) {
    if (!(error instanceof BadInput)) {
      throw error;
    }
    terminal.error(`istio-portal: ${error.message}\n`);
    return 2;
  }
}
