import { openZone } from '../handoff/zone.ts';

const HOUR_MS = 3_600_000;

/** The clocks of a country's largest city. In Russia, which has eleven zones, they are Moscow's. */
const ZONES: Readonly<Record<string, string>> = {
  KZ: 'Asia/Almaty',
  KG: 'Asia/Bishkek',
  UZ: 'Asia/Tashkent',
  TJ: 'Asia/Dushanbe',
  TM: 'Asia/Ashgabat',
  RU: 'Europe/Moscow',
  BY: 'Europe/Minsk',
  AM: 'Asia/Yerevan',
  MD: 'Europe/Chisinau',
  TR: 'Europe/Istanbul',
  PL: 'Europe/Warsaw',
};

/**
 * What is added to UTC (ms since 1970) to read the clocks of a country, in ms: for the hours of the statistics. UTC for a
 * country that is not known.
 *
 * @param country ISO 3166-1 alpha-2
 */
export function clockOffsetOf(country: string): (now: number) => number {
  const zone = openZone(ZONES[country] ?? '');
  if (zone === undefined) return () => 0;
  let known = Number.NaN;
  let offset = 0;
  return (now) => {
    const hour = Math.floor(now / HOUR_MS);
    // Asking a zone takes as long as half a turn; clocks change on the hour.
    if (hour !== known) [known, offset] = [hour, zone.offset(now)];
    return offset;
  };
}
