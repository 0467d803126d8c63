import type { Room } from './room.ts';

/** An ordinary morning. @returns the chat that is open in the pictures */
export async function talk(room: Room, aida: number, rustam: number): Promise<string> {
  const act = (ref: string, ...actions: Parameters<Room['handoffs']['act']>[1][]) => {
    for (const action of actions) room.handoffs.act(room.handoffs.find(ref)?.id ?? 0, action, aida);
  };
  const ref = await room.ask('1', { way: ['2', '1'], says: ['Доруҳоям тамом шуданд'] });
  room.clock.pass(60_000);
  act(ref, { type: 'claim' }, { type: 'reply', text: 'Салом! Чанд рӯз дору монд?' });
  room.clock.pass(2 * 60_000);
  await room.write('1', ['Танҳо барои ду рӯз. Ҳуҷҷат надорам.']);
  act(ref, { type: 'note', text: 'Позвонить в центр до 18:00, спросить про запас.' });
  act(ref, { type: 'labels', labels: ['таблетки', 'без документов'] });
  act(ref, { type: 'canned', canned: 'ask-back' });
  const held = await room.ask('2', { lang: 'uz' });
  room.handoffs.act(room.handoffs.find(held)?.id ?? 0, { type: 'claim' }, rustam);
  const closed = await room.ask('3', { lang: 'ru' });
  act(closed, { type: 'claim' }, { type: 'close' });
  await room.ask('4', { lang: 'kk', via: 'whatsapp' });
  room.clock.pass(3 * 60_000);
  await room.ask('5', { lang: 'uz', way: ['4'] });
  room.clock.pass(2 * 60_000);
  const unclear = await room.ask('6', { lang: 'ru', via: 'whatsapp' });
  act(unclear, { type: 'claim' });
  await room.write('1', ['Раҳмат, интизорам']);
  return ref;
}
