export interface Topic {
  name: string;
  color: number;
  closed: boolean;
}

/** What an administrator may do; undefined: the bot is a member only. */
export type Rights = { can_manage_topics: boolean; can_delete_messages: boolean } | undefined;

/** A supergroup's topics by the id of their thread. */
export interface Forum {
  isForum: boolean;
  topics: Map<number, Topic>;
  rights: Rights;
  /** The number of the supergroup it has become. */
  movedTo?: number;
}
