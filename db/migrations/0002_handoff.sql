CREATE TABLE `handoff` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` integer NOT NULL,
	`ref` text NOT NULL,
	`hour` integer NOT NULL,
	`state` text NOT NULL,
	`owner` integer,
	`team` text,
	`lang` text NOT NULL,
	`topic` text NOT NULL,
	`urgent` integer NOT NULL,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `handoff_key_unique` ON `handoff` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `handoff_ref_unique` ON `handoff` (`ref`);--> statement-breakpoint
CREATE TABLE `handoff_line` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` integer NOT NULL,
	`handoff` integer NOT NULL,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `handoff_line_id_unique` ON `handoff_line` (`id`);--> statement-breakpoint
CREATE INDEX `handoff_line_handoff` ON `handoff_line` (`handoff`);--> statement-breakpoint
CREATE TABLE `handoff_timer` (
	`handoff` integer NOT NULL,
	`name` text NOT NULL,
	`minute` integer NOT NULL,
	PRIMARY KEY(`handoff`, `name`)
);
