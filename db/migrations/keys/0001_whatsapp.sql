CREATE TABLE `channel_secret` (
	`channel` text PRIMARY KEY NOT NULL,
	`wrapped` blob NOT NULL
);
