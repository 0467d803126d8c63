CREATE TABLE `data_key` (
	`id` integer PRIMARY KEY NOT NULL,
	`wrapped` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `index_key` (
	`id` integer PRIMARY KEY NOT NULL,
	`created` integer NOT NULL,
	`wrapped` blob NOT NULL
);
