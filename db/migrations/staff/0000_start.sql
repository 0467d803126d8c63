CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`hour` integer NOT NULL,
	`actor` integer NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`mac` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_ends` (
	`id` integer PRIMARY KEY NOT NULL,
	`first` integer NOT NULL,
	`before` blob NOT NULL,
	`last` integer NOT NULL,
	`mac` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `invitation` (
	`hash` blob PRIMARY KEY NOT NULL,
	`operator` integer,
	`purpose` text NOT NULL,
	`until` integer NOT NULL,
	`name` text,
	`password` text,
	`seed` blob
);
--> statement-breakpoint
CREATE TABLE `operator` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`login` text NOT NULL,
	`role` text NOT NULL,
	`lang` text NOT NULL,
	`team` text,
	`password` text,
	`seed` blob,
	`step` integer NOT NULL,
	`created` integer NOT NULL,
	`removed` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operator_login` ON `operator` (`login`) WHERE removed IS NULL;--> statement-breakpoint
CREATE TABLE `recovery` (
	`hash` blob PRIMARY KEY NOT NULL,
	`operator` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `recovery_operator` ON `recovery` (`operator`);--> statement-breakpoint
CREATE TABLE `session` (
	`hash` blob PRIMARY KEY NOT NULL,
	`operator` integer NOT NULL,
	`created` integer NOT NULL,
	`seen` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_operator` ON `session` (`operator`);