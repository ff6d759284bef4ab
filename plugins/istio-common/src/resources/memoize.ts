/** What one reader read of an object, and what others read before. A list per object takes several times the room. */
interface Reading {
  /** Number of the reader. */
  readonly reader: number;
  readonly result: unknown;
  readonly before: Reading | undefined;
}

/** A constructor that takes its argument for what it makes: the private fields of a class below it lie there. */
class Bearer {
  constructor(object: object) {
    return object;
  }
}

/** Of objects that take no field any more. */
const ofClosed = new WeakMap<object, Reading>();

/**
 * An object with its readings in a private field: seen and copied by nobody, gone with the object, as an entry of
 * a WeakMap is. A mesh of thousands of services asks for millions of readings, and a WeakMap takes several times
 * as long for each and keeps the garbage collector busy besides.
 */
class Noted extends Bearer {
  #last: Reading;

  private constructor(object: object, reading: Reading) {
    super(object);
    this.#last = reading;
  }

  static last(object: object): Reading | undefined {
    if (#last in object) return object.#last;
    return Object.isExtensible(object) ? undefined : ofClosed.get(object);
  }

  static add(object: object, reading: Reading): void {
    if (#last in object) {
      object.#last = reading;
    } else if (Object.isExtensible(object)) {
      // It is the object that keeps it.
      void new Noted(object, reading);
    } else {
      ofClosed.set(object, reading);
    }
  }
}

let readers = 0;

/**
 * Remembers the result per argument object. Sound because objects of a snapshot are never mutated;
 * a replaced object takes its reading with it.
 */
export function memoizeByIdentity<A extends object, R>(
  read: (argument: A) => R,
): (argument: A) => R {
  readers += 1;
  const reader = readers;
  return argument => {
    let known = Noted.last(argument);
    while (known) {
      if (known.reader === reader) return known.result as R;
      known = known.before;
    }
    const result = read(argument);
    // Other readers may have come meanwhile.
    Noted.add(argument, { reader, result, before: Noted.last(argument) });
    return result;
  };
}
