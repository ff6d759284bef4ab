import type { Field } from '../Field';

/** Fields that hold text and have no other rule. */
export function checkTexts(field: Field, names: readonly string[]): void {
  for (const name of names) {
    field.at(name).text();
  }
}

/** Flags that have no other rule. */
export function checkFlags(field: Field, names: readonly string[]): void {
  for (const name of names) {
    field.at(name).flag();
  }
}

/** A map from text to text. */
export function checkTextMap(field: Field): void {
  for (const [, value] of field.entries()) {
    value.text();
  }
}

const LEAST = -(2 ** 31);

/** A whole number of 32 bits, with a sign or, where the least is 0, without; gives it. Source: the messages of istio/api. */
export function checkWhole(field: Field, options: { least?: 0 } = {}): number {
  const { least = LEAST } = options;
  const number = field.number();
  if (!Number.isInteger(number) || number < least) {
    field.error(
      least === 0
        ? `must be a whole number and not negative, it is ${number}`
        : `must be a whole number, it is ${number}`,
    );
  } else if (number >= least + 2 ** 32) {
    field.error(`must be less than ${least + 2 ** 32}, it is ${number}`);
  }
  return number;
}

/** Alternatives that one message cannot hold together; gives the one that is set. */
export function checkOnlyOne(
  field: Field,
  names: readonly string[],
): string | undefined {
  const set = names.filter(name => field.at(name).isSet);
  if (set.length > 1) {
    field.error(`must have only one of ${names.join(', ')}`);
  }
  return set[0];
}
