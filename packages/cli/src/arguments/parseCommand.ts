import { parseArgs } from 'node:util';
import { BadInput } from '../BadInput';
import { CommandName, CommandOptions, OPTIONS, WITHOUT_PATHS } from './options';

/** First words of commands of two words. */
const GROUPS = ['explain', 'audit'];

/** What commands read that read no manifests. */
const NEEDED: Partial<Record<CommandName, string>> = {
  'audit verify': 'an export, a database file or postgres://…',
  'audit pack': 'an export of a period',
};

/** Reads a command line. Throws `BadInput` that names what is allowed. */
export function parseCommand(args: readonly string[]): {
  command: CommandName;
  options: CommandOptions;
} {
  const words = GROUPS.includes(args[0]) ? 2 : 1;
  const name = args.slice(0, words).join(' ');
  if (!Object.hasOwn(OPTIONS, name)) {
    throw new BadInput(
      `unknown command "${name}"; there are ${Object.keys(OPTIONS).join(', ')}`,
    );
  }
  const command = name as CommandName;
  const { values, positionals } = parse(command, args.slice(words));
  if (WITHOUT_PATHS.includes(command)) {
    if (positionals.length > 0) {
      throw new BadInput(
        `${command} reads no manifests; it knows ${flagsOf(command)}`,
      );
    }
  } else if (positionals.length === 0) {
    throw new BadInput(
      `${command} needs ${
        NEEDED[command] ?? 'a file or folder to read, or - for standard input'
      }`,
    );
  }
  return {
    command,
    options: {
      paths: positionals,
      values: values as CommandOptions['values'],
    },
  };
}

function parse(command: CommandName, args: string[]) {
  try {
    return parseArgs({
      args,
      options: OPTIONS[command],
      allowPositionals: true,
    });
  } catch (error) {
    const [sentence] = String((error as Error).message).split('. ');
    throw new BadInput(`${sentence}; ${command} knows ${flagsOf(command)}`);
  }
}

function flagsOf(command: CommandName): string {
  return Object.keys(OPTIONS[command])
    .map(flag => `--${flag}`)
    .join(', ');
}
