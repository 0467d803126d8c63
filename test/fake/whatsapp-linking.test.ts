import { Curve, proto, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FakeWhatsApp, fakeWhatsApp } from './whatsapp.ts';
import { BareClient } from './whatsapp-client.ts';
import { signatureHolds } from './whatsapp-keys.ts';
import { until } from './whatsapp-nodes.ts';
import { certificate } from './whatsapp-noise.ts';

let fake: FakeWhatsApp;

beforeAll(async () => {
  fake = await fakeWhatsApp();
});

afterAll(async () => {
  await fake.stop();
});

describe('linking', () => {
  let client: BareClient;

  afterEach(async () => {
    fake.refuseLogin(null);
    fake.phone.unlink();
    await client.leave();
    fake.problems.length = 0;
  });

  /** A client that shows a QR code. */
  async function showing(change: (client: BareClient) => void = () => undefined): Promise<BareClient> {
    client = new BareClient(fake);
    change(client);
    client.connect();
    await until(() => client.qr || client.closes.length, 'a QR code or a refusal');
    return client;
  }

  test('by code: a wrong one is refused, the right one links', async () => {
    await showing();
    const code = await client.sock.requestPairingCode(fake.account.pn);
    await fake.whenLinking('code');
    await expect(fake.phone.enterCode('WRONG123')).rejects.toThrow('the code is wrong');
    await fake.phone.enterCode(`${code.slice(0, 4)}-${code.slice(4)}`);
    await fake.whenOnline();
    const person = fake.person();
    expect(await client.text(await person.send('hi'))).toBe('hi');
    expect(client.creds.me?.id).toMatch(`${fake.account.pn}:`);
    expect(fake.problems).toEqual([]);
  });

  test('a code for another number never reaches this phone', async () => {
    await showing();
    await client.sock.requestPairingCode('15551234');
    await expect(fake.phone.enterCode('ABCD1234')).rejects.toThrow('no device asked');
  });

  test('a QR code nobody shows, or with another secret, links nothing', async () => {
    await showing();
    const [ref, noise, identity, , platform] = client.qr.split(',');
    const other = Buffer.alloc(32, 7).toString('base64');
    await expect(fake.phone.scan('https://wa.me/settings/linked_devices#1,2,3,4')).rejects.toThrow(
      'nobody shows',
    );
    await expect(fake.phone.scan([ref, noise, other, other, platform].join())).rejects.toThrow('other keys');
    await expect(fake.phone.scan([ref, noise, identity, other, platform].join())).rejects.toThrow(
      'left before',
    );
    expect(fake.companions().filter(({ live }) => live)).toEqual([]);
  });

  test('a device whose pre-key is signed wrongly is refused', async () => {
    await showing(({ creds }) => {
      creds.signedPreKey.signature = Curve.sign(
        Curve.generateKeyPair().private,
        creds.signedPreKey.keyPair.public,
      );
    });
    expect(client.closes).toEqual([400]);
    expect(fake.problems).toEqual(['a pre-key whose signature does not hold']);
  });

  test('a device that signs its identity wrongly is refused', async () => {
    await showing(({ creds }) => {
      Object.assign(creds.signedIdentityKey, { private: Curve.generateKeyPair().private });
    });
    await expect(fake.phone.scan(client.qr)).rejects.toThrow('signature');
    await until(() => client.closes.length, 'the end');
    expect(client.closes).toEqual([401]);
    expect(fake.problems).toEqual(['a device signature that does not hold']);
  });

  test('a device nobody linked, and a device of another time, cannot log in', async () => {
    await showing(({ creds }) => {
      creds.me = { id: `${fake.account.pn}:77@s.whatsapp.net` };
    });
    expect(client.closes).toEqual([401]);
    fake.refuseLogin(405);
    await showing();
    expect(client.closes).toEqual([405]);
  });
});

describe('a linked client', () => {
  let client: BareClient;

  beforeAll(async () => {
    // With history, as a real phone gives it: the client then also asks for the state of the app.
    client = new BareClient(fake, { shouldSyncHistoryMessage: () => true });
    await client.link();
  });

  afterAll(async () => {
    await client.leave();
  });

  test('goes on after the history without waiting', async () => {
    await until(() => client.creds.accountSyncCounter > 0, 'the end of the history');
    expect(client.creds.myAppStateKeyId).toBe('AAAAAQ==');
  });

  test('ends with the code the service gives, and can come back', async () => {
    for (const code of [440, 428, 408, 401, 403, 405, 411, 500, 503]) {
      client.closes.length = 0;
      fake.closeWith(code);
      await until(() => client.closes.length && fake.open === 0, `the end with ${code}`);
      expect(client.closes).toEqual([code]);
      await client.back();
    }
    const { logins } = fake;
    fake.closeWith(515);
    await until(() => fake.logins > logins && fake.online, 'the restart');
  });

  test('is replaced by a second one with the same keys', async () => {
    const second = new BareClient(fake);
    Object.assign(second.creds, client.creds);
    for (const [type, row] of client.rows) second.rows.set(type, row);
    client.closes.length = 0;
    second.connect();
    await until(() => client.closes.length, 'the end of the first');
    expect(client.closes).toEqual([440]);
    await fake.whenOnline();
    await second.leave();
    await client.back();
  });

  test('finds the service again after a restart, and everything that waited', async () => {
    const person = fake.person();
    await client.heard(await person.send('before'));
    await fake.whenConfirmed();
    fake.freeze();
    const ids = [await person.send('on a dead line')];
    await fake.down();
    ids.push(await person.send('while away'));
    expect(fake.waiting).toBe(2);
    await fake.up();
    await client.back();
    expect(await client.text(ids[0]!)).toBe('on a dead line');
    expect(await client.text(ids[1]!)).toBe('while away');
    await fake.whenConfirmed();
  });

  test('loses the line at a message, before or after it was delivered', async () => {
    const person = fake.person();
    await client.heard(await person.send('hi'));
    await client.say(person.lid, 'hello');
    await person.next();
    for (const [drop, arrives] of [
      ['before', false],
      ['after', true],
    ] as const) {
      fake.dropNext(drop);
      await client.say(person.lid, drop);
      await until(() => fake.open === 0, 'the break');
      await client.back();
      await client.say(person.lid, 'next');
      await person.next(({ text }) => text === 'next');
      expect(person.screen.includes(drop)).toBe(arrives);
    }
  });

  test('hears nothing on a frozen line, and all of it afterwards', async () => {
    const person = fake.person();
    await fake.whenConfirmed();
    fake.freeze();
    const id = await person.send('frozen');
    const saying = client.say(person.lid, 'frozen too');
    expect([fake.waiting, client.readable(id), person.received]).toEqual([1, [], []]);
    fake.freeze(false);
    expect(await client.text(id)).toBe('frozen');
    await saying;
    expect((await person.next()).text).toBe('frozen too');
  });

  test('cannot change its pre-key without signing it', async () => {
    const good = client.creds.signedIdentityKey.private;
    await client.sock.rotateSignedPreKey();
    Object.assign(client.creds.signedIdentityKey, { private: Curve.generateKeyPair().private });
    await expect(client.sock.rotateSignedPreKey()).rejects.toThrow('bad-request');
    Object.assign(client.creds.signedIdentityKey, { private: good });
    expect(fake.problems).toEqual(['a pre-key whose signature does not hold']);
  });

  test('is logged out by the phone', async () => {
    client.closes.length = 0;
    fake.phone.unlink();
    await until(() => client.closes.length && fake.open === 0, 'the end');
    client.connect();
    await until(() => client.closes.length > 1, 'the refusal');
    expect(client.closes).toEqual([401, 401]);
  });
});

describe('the rest', () => {
  test('a client that logs out is forgotten', async () => {
    const client = new BareClient(fake);
    await client.link();
    await client.sock.logout();
    await until(() => fake.companions().length === 0 && fake.open === 0, 'the end');
    expect(client.closes).toEqual([515, 401]);
  });

  test('QR codes run out', async () => {
    const short = await fakeWhatsApp({ qrRefs: 2 });
    const client = new BareClient(short, { qrTimeout: 5 });
    client.connect();
    await until(() => client.closes.length, 'the end');
    expect(client.closes).toEqual([408]);
    await short.stop();
  });

  test('the certificate is signed by the root Baileys is told to trust, and a forged one is not', () => {
    const { NoiseCertificate } = proto.CertChain;
    for (const forged of [false, true]) {
      const { leaf, chain } = certificate(forged);
      const { intermediate, leaf: signed } = proto.CertChain.decode(chain);
      const root = WA_CERT_DETAILS.PUBLIC_KEY;
      expect(signatureHolds(root, intermediate!.details!, intermediate!.signature!)).toBe(!forged);
      const { key } = NoiseCertificate.Details.decode(intermediate!.details!);
      expect(signatureHolds(key!, signed!.details!, signed!.signature!)).toBe(true);
      const details = NoiseCertificate.Details.decode(signed!.details!);
      expect(Buffer.from(details.key!).equals(leaf.public)).toBe(true);
    }
  });
});
