import { AppError } from '../errors.ts';
import { type FrozenRelease, RELEASE_FORMAT, type Release } from './release.ts';

/** Releases as they were read, by their hash: a week never changes, so none is read twice. */
export class Archive {
  readonly #known = new Map<string, Release>();

  /**
   * Reads releases.
   * @throws AppError STORE_UNREADABLE when one is of a later version of Hamroh
   */
  open(frozen: readonly FrozenRelease[]): Release[] {
    return frozen.map((one) => {
      const known = this.#known.get(one.hash);
      if (known !== undefined) return known;
      const read = readRelease(one);
      this.#known.set(one.hash, read);
      return read;
    });
  }
}

function readRelease({ week, body }: FrozenRelease): Release {
  const release: Release = JSON.parse(body);
  if (release.format === RELEASE_FORMAT && release.week === week) return release;
  throw new AppError(
    'STORE_UNREADABLE',
    `The figures of the week of ${week} have a format that is not known.`,
    {
      hint: 'They were made by a later version of Hamroh: install that one.',
    },
  );
}
