-- What richer searches and messages need.

-- How many tokens the client has; 0 until it is written or indexed anew.
ALTER TABLE client ADD COLUMN tokens INTEGER NOT NULL DEFAULT 0;

-- Up to which level all clients of the book have their tokens; 1: exact ones only.
ALTER TABLE book ADD COLUMN indexed INTEGER NOT NULL DEFAULT 1;

-- When it was sent; 0: not yet.
ALTER TABLE message ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;

-- live is stored instead of generated: SQLite never takes an index for enough where a statement names a generated column, and fetched
-- each client that it counted or passed over.
DROP INDEX client_created;
DROP INDEX client_kind;
DROP INDEX client_updated;
ALTER TABLE client DROP COLUMN live;
ALTER TABLE client ADD COLUMN live INTEGER NOT NULL DEFAULT 1; -- 0: deleted
UPDATE client SET live = 0 WHERE state = 7;
CREATE INDEX client_created ON client (book, live, created, client);
CREATE INDEX client_kind ON client (book, live, kind, created, client);
CREATE INDEX client_updated ON client (book, live, updated, created, client);
CREATE INDEX client_state ON client (book, live, state, created, client);
CREATE INDEX client_type ON client (book, live, type, created, client);
CREATE INDEX client_approved ON client (book, live, approved, created, client);
-- Partial ones, unlike the others: most clients have neither time and need not pay for an entry. That SQLite may prepare statements that
-- use them anew at each use is no matter, for such searches are rare.
CREATE INDEX client_activated ON client (book, live, activated, created, client) WHERE activated > 0;
CREATE INDEX client_closed ON client (book, live, closed, created, client) WHERE closed > 0;

DROP INDEX message_due;
CREATE INDEX message_due ON message (state, channel, due);
CREATE INDEX message_created ON message (book, created);
