import { CommandOptions } from '../arguments/options';
import { choiceFlag } from '../arguments/readFlags';
import { JSON_VERSION } from '../answers/toJson';
import { Answerer } from '../answers/types';
import { loadMesh } from '../input/loadMesh';
import { ExitCode, Terminal } from '../types';

/** The command that asks one question of the files. */
export function explain(answerer: Answerer) {
  return (options: CommandOptions, terminal: Terminal): ExitCode => {
    const output = choiceFlag(options.values, 'output', ['text', 'json']);
    const { json, text, bad } = answerer(
      loadMesh(options, terminal),
      options.values,
    );
    terminal.out(
      output === 'json'
        ? `${JSON.stringify({ version: JSON_VERSION, ...json }, null, 2)}\n`
        : `${text}\n`,
    );
    return bad ? 1 : 0;
  };
}
