CREATE TABLE `alias` (
	`lookup` blob PRIMARY KEY NOT NULL,
	`contact` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `alias_contact` ON `alias` (`contact`);--> statement-breakpoint
CREATE TABLE `channel_row` (
	`id` blob PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`owner` blob,
	`hour` integer NOT NULL,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE INDEX `channel_row_owner` ON `channel_row` (`owner`);--> statement-breakpoint
CREATE INDEX `channel_row_hour` ON `channel_row` (`hour`);