/** A sentence for a person. Errors of this class end the program with exit code 1 and no stack. */
export class PlainError extends Error {}

const started = Date.now();

/** Prints one plain line with the seconds since the start. */
export function say(line) {
  const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

/** Runs the program; a PlainError becomes its sentence. */
export async function runProgram(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(
      `\n${error instanceof PlainError ? error.message : error.stack}\n`,
    );
    process.exit(1);
  }
}
