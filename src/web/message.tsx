import type { Lang } from '../message.ts';
import { mapLink, type Part, type WireMessage } from './wire.ts';
import { NAME, type Words } from './words.ts';

/**
 * One message of ours. `public/chat.js` builds the same elements in the browser; change both together.
 * Every button works without the script: it posts its value with the form `tap`.
 */
export function BotMessage({ message, words }: { message: WireMessage; words: Words }) {
  const { lang, parts, note, place, choices } = message;
  return (
    <div class="msg bot" lang={lang} tabindex={-1}>
      <span class="sr">{NAME}: </span>
      <p class="text" dir="auto">
        <Parts parts={parts} />
      </p>
      {place && (
        <p class="place">
          <bdi>{place.name}</bdi> <bdi>{place.address}</bdi>{' '}
          <a href={mapLink(place)} target="_blank" rel="noopener noreferrer">
            {words.map}
          </a>
        </p>
      )}
      {note && (
        <p class="note" dir="auto">
          <Parts parts={note} />
        </p>
      )}
      {choices.length > 0 && (
        <div class="choices">
          {choices.map(({ data, label, number, lang: own }) => (
            <button
              type="submit"
              form="tap"
              name="data"
              value={`${data}\t${label}`}
              class={number.startsWith('0') ? 'minor' : ''}
            >
              <span class="n">{number}</span> <bdi lang={own ?? lang}>{label}</bdi>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** What the person wrote or pressed. Their language is not known; the conversation's is the best guess. */
export function OwnMessage({ text, lang, words }: { text: string; lang: Lang; words: Words }) {
  return (
    <div class="msg me" lang={lang}>
      <span class="sr">{words.you}: </span>
      <p class="text" dir="auto">
        {text}
      </p>
    </div>
  );
}

function Parts({ parts }: { parts: Part[] }) {
  return (
    <>
      {parts.map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a href={`tel:${part.tel}`} dir="ltr">
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
