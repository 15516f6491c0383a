-- The whole storage shape. Every key begins with the book, except where a row belongs to no book or finds its book.
-- In the clear are only ids, names of books, numbers, times, kinds, states, keys of definitions, digests and tokens; what is called
-- sealed or wrapped is ciphertext.

CREATE TABLE keeper (
	keeper  TEXT NOT NULL PRIMARY KEY,
	kind    TEXT NOT NULL,
	wrapped BLOB NOT NULL, -- the root key
	created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE book (
	book     INTEGER PRIMARY KEY,
	name     TEXT NOT NULL,
	mode     TEXT NOT NULL,
	created  INTEGER NOT NULL,
	settings INTEGER NOT NULL, -- counts the changes of settings and credentials
	position INTEGER NOT NULL, -- the newest one
	sealing  BLOB NOT NULL,    -- wrapped
	tokens   BLOB NOT NULL,    -- wrapped
	chain    BLOB NOT NULL,    -- wrapped
	UNIQUE (name, mode)
) STRICT;

CREATE TABLE credential (
	credential BLOB NOT NULL PRIMARY KEY,
	book       INTEGER NOT NULL,
	hash       BLOB NOT NULL, -- SHA-256 of a random key
	created    INTEGER NOT NULL,
	revoked    INTEGER NOT NULL -- 0: valid
) STRICT, WITHOUT ROWID;

-- Client types, field sets, templates, branches, users: what a book's settings define, one set after the other.
CREATE TABLE definition (
	book     INTEGER NOT NULL,
	settings INTEGER NOT NULL,
	kind     TEXT NOT NULL,
	key      TEXT NOT NULL,
	sealed   BLOB NOT NULL,
	PRIMARY KEY (book, settings, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
	book      INTEGER NOT NULL,
	client    BLOB NOT NULL,
	version   INTEGER NOT NULL,
	kind      INTEGER NOT NULL,
	state     INTEGER NOT NULL, -- 7: deleted
	type      TEXT NOT NULL,
	branch    TEXT NOT NULL,
	centre    TEXT NOT NULL,
	user      TEXT NOT NULL,
	present   INTEGER NOT NULL,
	metadata  INTEGER NOT NULL,
	created   INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	approved  INTEGER NOT NULL,
	activated INTEGER NOT NULL,
	closed    INTEGER NOT NULL,
	digest    BLOB NOT NULL,
	live      INTEGER NOT NULL GENERATED ALWAYS AS (state <> 7) VIRTUAL,
	PRIMARY KEY (book, client)
) STRICT, WITHOUT ROWID;
-- Not partial indexes: SQLite prepares a statement that uses one anew each time that a parameter is bound.
CREATE INDEX client_created ON client (book, live, created, client);
CREATE INDEX client_kind ON client (book, live, kind, created, client);
CREATE INDEX client_updated ON client (book, live, updated, created, client);

-- With a rowid: a body takes a good part of a page, and index pages full of bodies make a deep tree.
CREATE TABLE version (
	book       INTEGER NOT NULL,
	client     BLOB NOT NULL,
	version    INTEGER NOT NULL,
	time       INTEGER NOT NULL,
	credential BLOB NOT NULL,
	dialect    TEXT NOT NULL,
	action     TEXT NOT NULL,
	head       BLOB NOT NULL, -- digest of the head that it made
	hash       BLOB NOT NULL,
	body       BLOB NOT NULL, -- sealed
	PRIMARY KEY (book, client, version)
) STRICT;

CREATE TABLE key (
	book    INTEGER NOT NULL,
	client  BLOB NOT NULL,
	wrapped BLOB NOT NULL,
	PRIMARY KEY (book, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
	book    INTEGER NOT NULL,
	field   INTEGER NOT NULL,
	value   BLOB NOT NULL,
	created INTEGER NOT NULL, -- the client's, so that matches come in the order of lists
	client  BLOB NOT NULL,
	PRIMARY KEY (book, field, value, created, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
	book   INTEGER NOT NULL,
	kind   INTEGER NOT NULL,
	value  BLOB NOT NULL,
	client BLOB NOT NULL,
	PRIMARY KEY (book, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
	book     INTEGER NOT NULL,
	position INTEGER NOT NULL,
	client   BLOB NOT NULL,
	version  INTEGER NOT NULL,
	PRIMARY KEY (book, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
	book  INTEGER NOT NULL,
	what  BLOB NOT NULL,
	day   INTEGER NOT NULL, -- of creation, since 1970-01-01
	count INTEGER NOT NULL,
	PRIMARY KEY (book, what, day)
) STRICT, WITHOUT ROWID;

-- Stored answers of idempotency keys, by keyed digest.
CREATE TABLE answer (
	book    INTEGER NOT NULL,
	digest  BLOB NOT NULL, -- of dialect, credential and key
	request BLOB NOT NULL, -- digest of method, path, query and body
	client  BLOB NOT NULL,
	version INTEGER NOT NULL,
	status  INTEGER NOT NULL,
	created INTEGER NOT NULL,
	body    BLOB NOT NULL, -- sealed
	PRIMARY KEY (book, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_created ON answer (book, created);
CREATE INDEX answer_client ON answer (book, client);

CREATE TABLE message (
	book      INTEGER NOT NULL,
	message   BLOB NOT NULL,
	client    BLOB NOT NULL,
	position  INTEGER NOT NULL, -- of the version that caused it
	template  TEXT NOT NULL,
	channel   TEXT NOT NULL,
	state     INTEGER NOT NULL,
	created   INTEGER NOT NULL,
	due       INTEGER NOT NULL,
	leased    INTEGER NOT NULL, -- until when; 0: free
	attempts  INTEGER NOT NULL,
	outcome   TEXT NOT NULL,
	sealed    BLOB NOT NULL, -- destination and text
	PRIMARY KEY (book, message)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX message_once ON message (book, position, template);
CREATE INDEX message_due ON message (state, due);
CREATE INDEX message_client ON message (book, client);

CREATE TABLE delivery (
	book     INTEGER NOT NULL,
	delivery BLOB NOT NULL,
	client   BLOB NOT NULL,
	position INTEGER NOT NULL,
	webhook  BLOB NOT NULL,
	event    TEXT NOT NULL,
	state    INTEGER NOT NULL,
	created  INTEGER NOT NULL,
	due      INTEGER NOT NULL,
	leased   INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	outcome  TEXT NOT NULL,
	sealed   BLOB NOT NULL, -- what is sent
	PRIMARY KEY (book, delivery)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX delivery_once ON delivery (book, position, webhook, event);
CREATE INDEX delivery_due ON delivery (state, due);
CREATE INDEX delivery_client ON delivery (book, client);

-- How far each follower of the feed has come.
CREATE TABLE cursor (
	book     INTEGER NOT NULL,
	follower TEXT NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (book, follower)
) STRICT, WITHOUT ROWID;

CREATE TABLE seal (
	book      INTEGER NOT NULL,
	position  INTEGER NOT NULL, -- the last one covered
	time      INTEGER NOT NULL,
	hash      BLOB NOT NULL,
	signature BLOB NOT NULL,
	PRIMARY KEY (book, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE read_log (
	book       INTEGER NOT NULL,
	time       INTEGER NOT NULL,
	entry      BLOB NOT NULL,
	client     BLOB NOT NULL,
	credential BLOB NOT NULL,
	dialect    TEXT NOT NULL,
	action     TEXT NOT NULL,
	sealed     BLOB NOT NULL, -- the name claimed, the reason given
	PRIMARY KEY (book, time, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_log_client ON read_log (book, client, time);

-- Clients whose key was destroyed: it goes with every backup and is applied again on every restore.
CREATE TABLE erasure (
	book   INTEGER NOT NULL,
	client BLOB NOT NULL,
	time   INTEGER NOT NULL,
	PRIMARY KEY (book, client)
) STRICT, WITHOUT ROWID;
