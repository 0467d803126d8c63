CREATE TABLE `contact` (
	`id` integer PRIMARY KEY NOT NULL,
	`lookup` blob NOT NULL,
	`created` integer NOT NULL,
	`seen` integer NOT NULL,
	`state` blob,
	`sent` blob
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contact_lookup_unique` ON `contact` (`lookup`);--> statement-breakpoint
CREATE INDEX `contact_age` ON `contact` (`seen`,`created`);--> statement-breakpoint
CREATE TABLE `counter` (
	`week` text NOT NULL,
	`name` text NOT NULL,
	`a` text NOT NULL,
	`b` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`week`, `name`, `a`, `b`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `guard` (
	`key` integer NOT NULL,
	`mac` blob NOT NULL,
	PRIMARY KEY(`key`, `mac`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `inbox` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` integer NOT NULL,
	`contact` integer NOT NULL,
	`hour` integer NOT NULL,
	`body` blob,
	`fault` text
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`contact` integer NOT NULL,
	`hour` integer NOT NULL,
	`sending` integer NOT NULL,
	`attempts` integer NOT NULL,
	`unclear` integer NOT NULL,
	`retry` integer NOT NULL,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `probe` (
	`id` integer PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `wipe` (
	`id` integer PRIMARY KEY NOT NULL,
	`hour` integer NOT NULL,
	`attempts` integer NOT NULL,
	`body` blob NOT NULL
);
