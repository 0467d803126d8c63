import type { ChannelId } from '../message.ts';

/** Contacts to whom nothing can be sent until their address comes back. In memory: after a start they are tried anew. */
export class Parking {
  readonly #contacts = new Map<string, number>();
  readonly #addresses = new Map<number, string>();

  add(contact: number, channel: ChannelId, address: string): void {
    const key = `${channel}\0${address}`;
    this.#contacts.set(key, contact);
    this.#addresses.set(contact, key);
  }

  has(contact: number): boolean {
    return this.#addresses.has(contact);
  }

  /** Who waits at this address. */
  at(channel: ChannelId, address: string): number | undefined {
    return this.#contacts.get(`${channel}\0${address}`);
  }

  remove(contact: number): void {
    const key = this.#addresses.get(contact);
    if (key === undefined) return;
    this.#addresses.delete(contact);
    this.#contacts.delete(key);
  }
}
