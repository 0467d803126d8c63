import type { Handoffs } from './port.ts';

/** Where it is known who may answer people. */
interface Accounts {
  get(id: number): { role: string; state: string } | undefined;
}

/**
 * Gives chats back to the queue whose operator is one no more: removed, locked or with another role, on the console or from
 * the command line. Called every few seconds, because the command line is another process.
 */
export function releaseLeavers(handoffs: Handoffs, accounts: Accounts): void {
  const owners = new Set(
    handoffs.heads().flatMap(({ state, owner }) => (state === 'claimed' && owner ? [owner] : [])),
  );
  for (const owner of owners) {
    const account = accounts.get(owner);
    if (account?.role !== 'operator' || account.state !== 'active') handoffs.releaseAll(owner);
  }
}
