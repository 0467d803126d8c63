import type { Clock } from '../../../clock.ts';
import type { NameSources } from '../../../usage/names.ts';
import type { FrozenRelease } from '../../../usage/release.ts';

/** What the coordinators' pages are made of. */
export interface StatsOptions extends NameSources {
  clock: Clock;
  /** Country of the deployment. */
  country: string;
  /** Name on the printed report; default: the product's. */
  organisation?: string;
  /** Every release, the oldest first. */
  releases(): readonly FrozenRelease[];
}
