/** Lifetimes in hours; a row goes in the hour after the one its lifetime ends in, so never early. */
export const LIFETIME_HOURS = {
  idle: 24,
  session: 48,
  inbox: 24,
  outbox: 48,
  wipe: 48,
  channel: 48,
} as const;
