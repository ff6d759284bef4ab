import { BadInput } from '../BadInput';
import { CommandOptions } from './options';

type Values = CommandOptions['values'];

/** A flag's text; undefined when it is not there. */
export function textFlag(values: Values, flag: string): string | undefined {
  const value = values[flag];
  return typeof value === 'string' ? value : undefined;
}

/** A flag that must be there. */
export function requiredFlag(values: Values, flag: string): string {
  const value = textFlag(values, flag);
  if (value === undefined || value === '') {
    throw new BadInput(`--${flag} is required`);
  }
  return value;
}

/** A port from 1 to 65535. */
export function portFlag(values: Values, flag: string): number | undefined {
  const value = textFlag(values, flag);
  if (value === undefined) {
    return undefined;
  }
  if (!/^\d{1,5}$/.test(value) || Number(value) < 1 || Number(value) > 65535) {
    throw new BadInput(
      `--${flag} must be a port from 1 to 65535, it is "${value}"`,
    );
  }
  return Number(value);
}

/** `NAMESPACE/NAME`. */
export function nameFlag(
  values: Values,
  flag: string,
): { namespace: string; name: string } | undefined {
  const value = textFlag(values, flag);
  return value === undefined ? undefined : parseName(value, `--${flag}`);
}

/** `NAMESPACE/NAME`; throws `BadInput` that names the flag. */
export function parseName(
  value: string,
  flag: string,
): { namespace: string; name: string } {
  const [namespace, name, ...rest] = value.split('/');
  if (!namespace || !name || rest.length > 0) {
    throw new BadInput(`${flag} must be NAMESPACE/NAME, it is "${value}"`);
  }
  return { namespace, name };
}

/** All texts of a flag that may stand several times. */
export function textsFlag(values: Values, flag: string): readonly string[] {
  const value = values[flag];
  return typeof value === 'string' ? [value] : value ?? [];
}

/** `K=V` pairs; the value may have further equal signs. */
export function pairsFlag(
  values: Values,
  flag: string,
): readonly (readonly [string, string])[] {
  return textsFlag(values, flag).map(pair => {
    const equal = pair.indexOf('=');
    if (equal < 1) {
      throw new BadInput(`--${flag} must be NAME=VALUE, it is "${pair}"`);
    }
    return [pair.slice(0, equal), pair.slice(equal + 1)] as const;
  });
}

/** One of the words; the first where the flag is not there. */
export function choiceFlag<const T extends string>(
  values: Values,
  flag: string,
  choices: readonly [T, ...T[]],
): T {
  const value = textFlag(values, flag);
  const choice = choices.find(each => each === value);
  if (value !== undefined && !choice) {
    throw new BadInput(
      `--${flag} must be ${choices.join(' or ')}, it is "${value}"`,
    );
  }
  return choice ?? choices[0];
}
