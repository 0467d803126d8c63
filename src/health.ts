import type { Channel, ChannelState } from './channels/channel.ts';
import type { ChannelId } from './message.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { Health } from './web/health.ts';

/** Ready when a write reaches the disk and every channel that is switched on works or is connecting. */
export function healthOf(
  channels: ReadonlyMap<ChannelId, Channel>,
  runtime: Runtime,
  group: ChannelState | undefined,
): Health {
  const { disk } = runtime.health();
  const checks: Health['checks'] = {
    store: disk
      ? { ok: true }
      : { ok: false, reason: 'not-writable', hint: 'Free space on the disk of the data folder.' },
  };
  for (const channel of channels.values()) checks[channel.id] = checkOf(channel.state());
  const ready = Object.values(checks).every((c) => c.ok);
  // Without the group operators still have the console: people are answered.
  if (group !== undefined) checks['operators-group'] = checkOf(group);
  return { ready, checks };
}

function checkOf(now: ChannelState): Health['checks'][string] {
  if (now.state === 'down') return { ok: false, reason: now.reason, hint: now.hint };
  return now.state === 'up' ? { ok: true } : { ok: false, reason: 'connecting' };
}
