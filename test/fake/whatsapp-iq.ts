import { type BinaryNode, jidNormalizedUser } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import type { Handset } from './whatsapp-handset.ts';
import { bundleHolds, bundleNodes, readSigned, readUpload } from './whatsapp-keys.ts';
import { child, children, deviceOf, node, userOf } from './whatsapp-nodes.ts';

/** What an answer to a linked device may need. */
export interface IqHost {
  /** The phone behind a number or a LID. */
  find(user: string): Handset | undefined;
  /** Whether the service says which LID belongs to this phone's number. */
  tells(phone: Handset): boolean;
  /** The account's linked devices. */
  companions(): Companion[];
  /** Users of the account itself. */
  readonly account: { pn: string; lid: string };
  /** Members of a group, or undefined when there is no such group. */
  members(group: string): string[] | undefined;
  activate(companion: Companion): void;
  remove(companion: Companion): void;
  problem(what: string): void;
}

/** Content of the answer, or the code of an error. */
export type Answer = BinaryNode[] | number;

/** Answers one question of a linked device. An unknown one gets an empty answer, as a patient service would give. */
export async function answer(host: IqHost, companion: Companion, iq: BinaryNode): Promise<Answer> {
  const [request] = children(iq);
  switch (iq.attrs.xmlns) {
    case 'encrypt':
      return encrypt(host, companion, iq, request);
    case 'usync':
      return request ? [usync(host, request)] : 400;
    case 'passive':
      if (request?.tag === 'active') host.activate(companion);
      return [];
    case 'md':
      if (request?.tag === 'remove-companion-device') host.remove(companion);
      return [];
    case 'privacy':
      if (iq.attrs.type === 'set') return [node('tokens')];
      return [node('privacy', {}, [node('category', { name: 'readreceipts', value: 'all' })])];
    case 'abt':
      return [node('props', { hash: 'tst' })];
    case 'blocklist':
      return [node('list')];
    case 'w:sync:app:state':
      return [
        node(
          'sync',
          {},
          children(request).map(({ attrs }) => node('collection', { name: attrs.name })),
        ),
      ];
    case 'w:m':
      return [node('media_conn', { auth: 'tst', ttl: '300' }, [node('host', { hostname: '127.0.0.1' })])];
    case 'w:mex':
      return [node('result', {}, Buffer.from(MEX))];
    case 'w:g2':
      return groups(host, iq.attrs.to ?? '');
    case 'w:profile:picture':
      return 404;
    default:
      return [];
  }
}

/** The account is under no restriction. */
const MEX = JSON.stringify({
  data: {
    xwa2_fetch_account_reachout_timelock: { is_active: false },
    xwa2_message_capping_info: { total_quota: 0, used_quota: 0 },
  },
});

async function encrypt(
  host: IqHost,
  companion: Companion,
  iq: BinaryNode,
  request: BinaryNode | undefined,
): Promise<Answer> {
  if (request?.tag === 'count') return [node('count', { value: String(companion.preKeyCount) })];
  if (request?.tag === 'digest') return [node('digest')];
  if (request?.tag === 'key')
    return [node('list', {}, await Promise.all(children(request).map(keysOf(host))))];
  const rotated =
    request?.tag === 'rotate' ? { ...companion.bundle, signed: readSigned(request) } : undefined;
  const { bundle, keys } = rotated ? { bundle: rotated, keys: [] } : readUpload(iq);
  if (!bundle.identity.equals(companion.bundle.identity) || !bundleHolds(bundle)) {
    host.problem('a pre-key whose signature does not hold');
    return 406;
  }
  companion.stock(bundle, keys);
  return [];
}

function keysOf(host: IqHost) {
  return async ({ attrs }: BinaryNode): Promise<BinaryNode> => {
    const { jid = '' } = attrs;
    const device = deviceOf(jid);
    const own = host.companions().find((companion) => companion.device === device);
    const user = userOf(jid);
    if (own && (user === host.account.pn || user === host.account.lid)) {
      return node('user', { jid }, bundleNodes(own.takeBundle()));
    }
    const phone = host.find(user);
    if (!phone?.devices.includes(device)) {
      return node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })]);
    }
    return node('user', { jid }, bundleNodes(await phone.device(device).bundle()));
  };
}

/** Who is on WhatsApp, with which devices, under which LID. */
function usync(host: IqHost, request: BinaryNode): BinaryNode {
  const wanted = children(child(request, 'query')).map(({ tag }) => tag);
  const users = children(child(request, 'list')).map((user) => {
    const number = child(user, 'contact')?.content;
    const typed = typeof number === 'string' ? number : Buffer.from((number ?? []) as Uint8Array).toString();
    const jid = user.attrs.jid ?? `${typed.replace('+', '')}@s.whatsapp.net`;
    const phone = host.find(userOf(jid));
    return node(
      'user',
      { jid: jidNormalizedUser(jid) },
      wanted.flatMap((tag) => about(host, phone, jid, tag)),
    );
  });
  return node('usync', request.attrs, [node('result'), node('list', {}, users)]);
}

function about(host: IqHost, phone: Handset | undefined, jid: string, wanted: string): BinaryNode[] {
  if (wanted === 'contact') return [node('contact', { type: phone ? 'in' : 'out' })];
  if (wanted === 'lid') {
    // Only a question about a number is answered with a LID; the other way round it stays a secret.
    const tell = phone && jid.endsWith('@s.whatsapp.net') && host.tells(phone);
    return tell ? [node('lid', { val: phone.lid })] : [];
  }
  if (wanted !== 'devices') return [];
  const user = userOf(jid);
  const own = user === host.account.pn || user === host.account.lid;
  const ids = [...(phone?.devices ?? []), ...(own ? host.companions().map(({ device }) => device) : [])];
  const devices = ids.map((id) =>
    node('device', { id: String(id), 'key-index': id ? String(id) : undefined }),
  );
  return [node('devices', {}, [node('device-list', {}, devices)])];
}

function groups(host: IqHost, to: string): Answer {
  if (to === '@g.us') return [node('groups')];
  const members = host.members(to);
  if (!members) return 404;
  const participants = members.map((jid) => node('participant', { jid }));
  return [
    node(
      'group',
      { id: userOf(to), subject: 'G', addressing_mode: 'lid', creation: '1', s_t: '1' },
      participants,
    ),
  ];
}
