import { runCli } from './runCli';
import { systemTerminal } from './systemTerminal';

// The exit code is set, not forced: output to a pipe may still be on its way.
runCli(process.argv.slice(2), systemTerminal()).then(code => {
  process.exitCode = code;
});
