/** Who would answer now: the team for a topic and a person, and when. Plain data, without clock or file. */
export interface Desk {
  /** Id of the team. */
  team: string;
  /** Somebody is on duty now. */
  open: boolean;
  /** Expected wait in minutes, rounded up to five; absent when too few people have waited lately to say. */
  wait?: number;
  /** When it opens next; absent while it is open, and when it does not open within 60 days. */
  opens?: {
    /** Midnights until then, where the team is: 0 is later today, 1 tomorrow. */
    days: number;
    /** 1 is Monday. */
    weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7;
    /** `09:00`, by the team's clock. */
    time: string;
  };
  /** The queue takes nobody more. */
  full?: boolean;
}
