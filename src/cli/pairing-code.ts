import { toString as drawQr } from 'qrcode';
import type { WhatsAppChannel } from '../channels/whatsapp.ts';
import type { BaileysConfig } from '../config.ts';

/**
 * Shows each new pairing code as it comes: as a picture made of characters, or as a line `whatsapp-qr: <payload>`.
 * @returns stops it
 */
export function showPairingCodes(
  phone: WhatsAppChannel,
  way: BaileysConfig['qr'],
  print: (text: string) => void,
): () => void {
  return phone.onQr((qr) => {
    if (way === 'raw') return print(`whatsapp-qr: ${qr}`);
    void drawQr(qr, { type: 'terminal', small: true }).then((picture) =>
      print(`${picture}\nOn the phone: WhatsApp → Settings → Linked devices → Link a device, and scan this.`),
    );
  });
}
