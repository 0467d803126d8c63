CREATE TABLE `counting_since` (
	`id` integer PRIMARY KEY NOT NULL,
	`week` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `release` (
	`week` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`hash` text NOT NULL
);
