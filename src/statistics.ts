import type { Ids } from './clock.ts';
import type { Config } from './config.ts';
import type { ChannelId } from './message.ts';
import type { MakeRelease } from './runtime/releases.ts';
import { isSimulated } from './simulated.ts';
import { createNoise } from './usage/noise.ts';
import { declareTables, type TableWorld } from './usage/tables.ts';
import { releaseWeek } from './usage/weekly.ts';

/** What is published of a week of this deployment. */
export function releaseMaker(
  world: TableWorld,
  config: Pick<Config, 'dataDir' | 'telegram' | 'whatsapp'>,
  ids: Ids,
): MakeRelease {
  const rules = {
    country: world.country,
    tables: declareTables(world, channelsOf(config)),
    draw: createNoise((length) => ids.bytes(length)),
  };
  // Said in the release itself, so that no export can leave it out.
  const simulated = isSimulated(config.dataDir) ? { simulated: true as const } : {};
  return (week, counts) => {
    const { release, dropped } = releaseWeek(week, counts, rules);
    return { release: { ...release, ...simulated }, dropped };
  };
}

/** Channels people can come by. A channel that is off has no place in a table: that it is empty is no secret. */
function channelsOf({ telegram, whatsapp }: Pick<Config, 'telegram' | 'whatsapp'>): ChannelId[] {
  return [
    ...(telegram === undefined ? [] : (['telegram'] as const)),
    ...(whatsapp === undefined ? [] : (['whatsapp'] as const)),
    'web',
  ];
}
