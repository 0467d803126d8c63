import { Secret, TOTP } from 'otpauth';
import type { Clock, Ids } from '../clock.ts';
import type { Staff } from '../store/staff.ts';
import type { ConsoleLang, Operator, Outcome, Role } from '../store/staff-types.ts';

/** Nobody did it: the command line. */
const COMMAND_LINE = 0;
/** Those who answered the chats of the year. Nobody can sign in as them. */
const COLLEAGUES = ['Aigul (demo)', 'Timur (demo)'];
/** For whoever looks at the demo. */
const INVITED: readonly Role[] = ['operator', 'coordinator', 'admin'];
const PASSWORD_BYTES = 24;

/** A link that sets an account up. */
export interface DemoLink {
  role: Role;
  token: string;
}

/**
 * Makes the accounts of the demo: colleagues with a password that was thrown away, and one of each kind to be set up.
 *
 * @param lang of the console
 * @returns the colleagues' ids, and the links, which open for 24 hours
 */
export async function makeAccounts(
  staff: Staff,
  lang: ConsoleLang,
  clock: Clock,
  ids: Ids,
): Promise<{ colleagues: number[]; links: DemoLink[] }> {
  const add = (name: string, role: Role) => done(staff.accounts.add({ name, role, lang }, COMMAND_LINE));
  const colleagues: Operator[] = [];
  for (const name of COLLEAGUES) {
    const { operator, token } = add(name, 'operator');
    const password = ids.bytes(PASSWORD_BYTES).toString('base64url');
    const { text } = done(await staff.invites.begin(token, { password }));
    const code = TOTP.generate({ secret: Secret.fromBase32(text), timestamp: clock.now() });
    const { session } = done(staff.invites.finish(token, code, lang));
    staff.signOut(session);
    colleagues.push(operator);
  }
  const links = INVITED.map((role) => ({ role, token: add(`Demo ${role}`, role).token }));
  return { colleagues: colleagues.map(({ id }) => id), links };
}

function done<T extends object>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome;
  throw new Error(`an account of the demo was refused: ${outcome.why}`);
}
