PRAGMA application_id = 1129071153;
PRAGMA user_version = 1;
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
CREATE INDEX client_created ON client (book, live, created, client);
CREATE INDEX client_kind ON client (book, live, kind, created, client);
CREATE INDEX client_updated ON client (book, live, updated, created, client);
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
CREATE TABLE erasure (
	book   INTEGER NOT NULL,
	client BLOB NOT NULL,
	time   INTEGER NOT NULL,
	PRIMARY KEY (book, client)
) STRICT, WITHOUT ROWID;
INSERT INTO keeper (keeper, kind, wrapped, created) VALUES ('0f111ed0', 'file', x'77726170706564', 1767323045678);
INSERT INTO book (book, name, mode, created, settings, position, sealing, tokens, chain) VALUES (1019014375, 'book-2', 'test', 1767323045678, 3, 26, x'7365616c696e67', x'746f6b656e73', x'636861696e');
INSERT INTO book (book, name, mode, created, settings, position, sealing, tokens, chain) VALUES (3329644069, 'book-1', 'test', 1767323045678, 2, 47, x'7365616c696e67', x'746f6b656e73', x'636861696e');
INSERT INTO credential (credential, book, hash, created, revoked) VALUES (x'5625f10000000000', 3329644069, x'00ff000000000000000000000000000000000000000000000000000000000000', 1767323045678, 0);
INSERT INTO credential (credential, book, hash, created, revoked) VALUES (x'ece7f10000000000', 1019014375, x'01ff000000000000000000000000000000000000000000000000000000000000', 1767323045679, 1767326645678);
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b7526f3c44ab9b081707f', 3, 1, 6, '', '', '', '', 167785764, 2, 1767197045700, 1767197047700, 1767326645678, 0, 0, x'6a2bdc491d13941671255ef0c7ff4df2');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b76a7792ff3436f50b2f7', 2, 1, 2, '', '', '', '', 167785764, 2, 1767222245679, 1767222246679, 1767323045678, 0, 0, x'4b359fa8b97894202ed922ad52f0add4');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b7827febb3f1fefa62923', 5, 1, 7, '', '', '', '', 134217728, 0, 1767247445691, 1767247449691, 1767330245678, 0, 0, x'a37cd8c9290cc36613082e33e1dea6c3');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 5, 1, 2, '', '', '', '', 167785764, 2, 1767297845682, 1767297849682, 1767333845678, 0, 0, x'b8a96018fcd1d1c9eaeede154ff3c194');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b7ca98f3e20f5dc81a3c6', 2, 1, 5, '', '', '', '', 167785764, 2, 1767323045694, 1767323046694, 1767323045678, 0, 0, x'2c14a52adce8074df65d9879644922a0');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b7faa9a3504bb13c1ea3f', 3, 2, 3, '', '', '', '', 59768868, 1, 1767373445685, 1767373447685, 1767326645678, 0, 0, x'7db06b12a6ed584b9f880ab1ab6dd8f8');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 5, 2, 5, '', '', '', '', 59768868, 1, 1767398645697, 1767398649697, 1767333845678, 0, 0, x'dbbea648caf1205a5b7d81e800b6ebf2');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (1019014375, x'019b842c2ab8320f7813ecce', 1, 1, 2, '', '', '', '', 167785764, 2, 1767449045688, 1767449045688, 0, 0, 0, x'3f9d54db58caed4f9e34a2c419c3d3a9');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7526f3aef3436f50b2f7', 1, 1, 2, '', '', '', '', 167785764, 2, 1767197045678, 1767197045678, 0, 0, 0, x'2b4728e5597d2e18adba85df4adde5cd');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7526f3b94ab9b081707f', 2, 2, 6, '', '', '', '', 59768868, 1, 1767197045689, 1767197046689, 1767323045678, 0, 0, x'8b7b23acd5f3788fc7fcf8892b756da9');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b76a7793afa71c0499511', 3, 1, 2, '', '', '', '', 167785764, 2, 1767222245690, 1767222247690, 1767326645678, 0, 0, x'35387343480f830e6ceac07a3f960c7b');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b76a7794558c77884a11d', 4, 2, 2, '', '', '', '', 26214432, 0, 1767222245701, 1767222248701, 1767330245678, 0, 0, x'9752dbde93c5c21b60dacf720a8688bd');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7827feb0b459afddb3a0', 3, 1, 4, '', '', '', '', 167785764, 2, 1767247445680, 1767247447680, 1767326645678, 0, 0, x'261af37e39978c3c4f679bedb6fb9525');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', 4, 2, 6, '', '', '', '', 26214432, 0, 1767272645681, 1767272648681, 1767330245678, 0, 0, x'bbfe6463e67545dd76859fbec5c91dca');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b79a8843cdab546e886da', 5, 1, 6, '', '', '', '', 167785764, 2, 1767272645692, 1767272649692, 1767333845678, 0, 0, x'8ed6973f1c772196ab9cc3bcb4360ee0');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7b2909bd44b194b63684', 1, 2, 2, '', '', '', '', 59768836, 1, 1767297845693, 1767297845693, 0, 0, 0, x'371290274eae7d706908b22ddcd65394');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7ca98f33320f7813ecce', 1, 1, 2, '', '', '', '', 167785764, 2, 1767323045683, 1767323045683, 0, 0, 0, x'ffd5f7779453bb0cd1451a903341a009');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7e2a14b43f1fefa62923', 3, 1, 7, '', '', '', '', 134217728, 0, 1767348245684, 1767348247684, 1767323045678, 0, 0, x'2bfc6fd32ff0fbd0df271494ea61d95c');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7e2a14bf6543a85f6ff4', 3, 1, 1, '', '', '', '', 167785764, 2, 1767348245695, 1767348247695, 1767326645678, 0, 0, x'd4b6e2d585e63abfb631d5d31d4d4072');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b7faa9a40829aa573beeb', 4, 1, 3, '', '', '', '', 134231328, 0, 1767373445696, 1767373448696, 1767330245678, 0, 0, x'5dcb433ffed51399523c436340201ca5');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', 4, 1, 5, '', '', '', '', 134231328, 0, 1767398645686, 1767398648686, 1767330245678, 0, 0, x'01a3a6af765ff68846e11aa929b86186');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b82aba53730fd7a62429a', 5, 1, 1, '', '', '', '', 167785764, 2, 1767423845687, 1767423849687, 1767333845678, 0, 0, x'ffa24cdc94841a172767fba7cd1dc88c');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b82aba542df3ed0f4e11a', 2, 1, 7, '', '', '', '', 134217728, 0, 1767423845698, 1767423846698, 0, 0, 0, x'd3368216e71d269cbbb84fee32d0be6e');
INSERT INTO client (book, client, version, kind, state, type, branch, centre, user, present, metadata, created, updated, approved, activated, closed, digest) VALUES (3329644069, x'019b842c2ac3b24c92e66f38', 2, 1, 4, '', '', '', '', 167785764, 2, 1767449045699, 1767449046699, 1767323045678, 0, 0, x'8392471e6a5e1b9481908b95fd5d6f77');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7526f3c44ab9b081707f', 1, 1767197045700, x'0102030405060708', 'test', 'create', x'4e05c3bc0a542c918b69b84bf8c9c7e6', x'3772c16dff60af85037dc9de0c706e5849c9ecb06944f0f230e9cf9674a6bc86', x'3031396237353236663363343461623962303831373037662076657273696f6e203120fe157a27c5');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7526f3c44ab9b081707f', 2, 1767197046700, x'0102030405060708', 'test', 'update', x'd83aee4a2b16e43472be46020ba90d71', x'59125cd1fea7ea840e17f7c7508421e4f6b27a495157d16531aa1f1c09aff431', x'3031396237353236663363343461623962303831373037662076657273696f6e20322049b4846d67');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7526f3c44ab9b081707f', 3, 1767197047700, x'0102030405060708', 'test', 'update', x'6a2bdc491d13941671255ef0c7ff4df2', x'4690eec71399a2c142977043610cc3513cc049a42ea666d9c7030f2ac68c48a7', x'3031396237353236663363343461623962303831373037662076657273696f6e203320c9e97c157f');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b76a7792ff3436f50b2f7', 1, 1767222245679, x'0102030405060708', 'test', 'create', x'21f495d7536abd207c53446f2b43e52b', x'10a3f712ad910ee6cafa9de65a116e9fc40ed2445c35f3d768c0189cf0a738e3', x'3031396237366137373932666633343336663530623266372076657273696f6e203120c6cb6fdeb9');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b76a7792ff3436f50b2f7', 2, 1767222246679, x'0102030405060708', 'test', 'update', x'4b359fa8b97894202ed922ad52f0add4', x'173d66df065373233273374be3eac7295d27f85cde037786627db889d802b271', x'3031396237366137373932666633343336663530623266372076657273696f6e20322032b256536c');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7827febb3f1fefa62923', 1, 1767247445691, x'0102030405060708', 'test', 'create', x'74323d4219826d7ddf1a656ad7a57dee', x'2d121f7aff87b613880520936ec2348fb35e82cbe5bf382346b0d063489db0fd', x'3031396237383237666562623366316665666136323932332076657273696f6e203120529e30c339');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7827febb3f1fefa62923', 2, 1767247446691, x'0102030405060708', 'test', 'update', x'0e1dd5c23620bba36691f9c07a6a4596', x'0703c6122d3bbe9e8651736ab04905bdaae5b27be9e5ea261447ef3942007754', x'3031396237383237666562623366316665666136323932332076657273696f6e2032207a42a2be09');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7827febb3f1fefa62923', 3, 1767247447691, x'0102030405060708', 'test', 'update', x'40aed2f90e3fa8f880ab9ba74ac94d37', x'c61e629aa2d09efd9a705e9e2da11646611b8e5b7e9b0b3ce6874034d5256c34', x'3031396237383237666562623366316665666136323932332076657273696f6e203320af83b5bdef');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7827febb3f1fefa62923', 4, 1767247448691, x'0102030405060708', 'test', 'update', x'1171d8ebd58e91cfbb8bc7df700c21b5', x'4cae7634ba91fa847b7de89c689efd72a99d3bf74e3a8a7a0792da9c6991fe69', x'3031396237383237666562623366316665666136323932332076657273696f6e203420c2d1403d54');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7827febb3f1fefa62923', 5, 1767247449691, x'0102030405060708', 'test', 'delete', x'a37cd8c9290cc36613082e33e1dea6c3', x'fb73a19cc15be9d51044150f6306147bca3ce0be2f879c499c59aea96891869a', x'3031396237383237666562623366316665666136323932332076657273696f6e20352085b08df1a0');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 1, 1767297845682, x'0102030405060708', 'test', 'create', x'e59635d948d2f6c85b9962ffe2616175', x'ebf0bbb15f6378643b7893b709ec4173417eb122e9db004448a3e6e2aac297a3', x'3031396237623239303962326234353961666464623361302076657273696f6e20312035e273e491');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 2, 1767297846682, x'0102030405060708', 'test', 'update', x'1c00e8158b504ad4e3e3e8656c5126fa', x'0bab108193ab325618a551f688a6129c3099a50f76227d1af104fcf4fa5c43ea', x'3031396237623239303962326234353961666464623361302076657273696f6e203220344de953d5');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 3, 1767297847682, x'0102030405060708', 'test', 'update', x'ad510b87f7c9f22696f1f886480e95cc', x'122c788479a77336961a1daa45b4cfdd76d0b1eabe24a9bddbe77ee5c0e60ccb', x'3031396237623239303962326234353961666464623361302076657273696f6e203320d53483e0df');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 4, 1767297848682, x'0102030405060708', 'test', 'update', x'22f3e35045dadbbaf0142ffcf3a4c3fd', x'abd6910f228a4777bcb9a4706057e281a48e184013f022452a7867f1925eeb3f', x'3031396237623239303962326234353961666464623361302076657273696f6e2034205c399199ed');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', 5, 1767297849682, x'0102030405060708', 'test', 'update', x'b8a96018fcd1d1c9eaeede154ff3c194', x'8ad5b773133cc647e978c61cdb16ce7838df5d53a01e2c8f2bf0eb0f56199c96', x'3031396237623239303962326234353961666464623361302076657273696f6e20352004dd7f2623');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7ca98f3e20f5dc81a3c6', 1, 1767323045694, x'0102030405060708', 'test', 'create', x'2cb8d7cc42f7ada6beac4d3b4f0eba8c', x'2a07c86ca7341aa81a0edc5c1b564d3f57dcb026e2cf7b8b9c353cad337148cb', x'3031396237636139386633653230663564633831613363362076657273696f6e2031203064228d1f');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7ca98f3e20f5dc81a3c6', 2, 1767323046694, x'0102030405060708', 'test', 'update', x'2c14a52adce8074df65d9879644922a0', x'00b8768dadb2a0b884505e83623fabbcd9f802d49b3068f187e4ed9d5ea74b72', x'3031396237636139386633653230663564633831613363362076657273696f6e203220002f88c3a7');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7faa9a3504bb13c1ea3f', 1, 1767373445685, x'0102030405060708', 'test', 'create', x'01a32471aa0e72855dd2c68b51f066bd', x'775f41f90c2ef2f2d0010bb0c39c46df1c6dbf9e0aac619a5040f37bddb7e1dd', x'3031396237666161396133353034626231336331656133662076657273696f6e20312020cdf0e37f');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7faa9a3504bb13c1ea3f', 2, 1767373446685, x'0102030405060708', 'test', 'update', x'8dcfd41304de06272a1ec5e4894c80c4', x'd99b0b9aa0384026d6023bf683d2ccd81d869e640cbca93e9de3c7e868cfd9f8', x'3031396237666161396133353034626231336331656133662076657273696f6e203220ee5eca59d0');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b7faa9a3504bb13c1ea3f', 3, 1767373447685, x'0102030405060708', 'test', 'update', x'7db06b12a6ed584b9f880ab1ab6dd8f8', x'3993bf62201373e492d268afba93d3a5aa1e16d73644fb2ef3f5f5c03906a2ec', x'3031396237666161396133353034626231336331656133662076657273696f6e20332091fd245fa4');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 1, 1767398645697, x'0102030405060708', 'test', 'create', x'd911bae99d36e875ee61bcd1ec468035', x'd15c6170b9ee834fc59a05c4db972b48c7d44c1f0a4ecd09728be0ced01d6ab8', x'3031396238313262316663313330666437613632343239612076657273696f6e203120eb21998f22');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 2, 1767398646697, x'0102030405060708', 'test', 'update', x'd40c0a9e572e05c64b86ae56046d072b', x'2bed8eab7741921a590ca0c5a57a46cd27b96fe9b8d8cb87932ec99805c38dc5', x'3031396238313262316663313330666437613632343239612076657273696f6e2032201aa1c77ddf');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 3, 1767398647697, x'0102030405060708', 'test', 'update', x'fca32f7425a3e8f171930d8d6dd8b842', x'8c8db4d7c71b390267279eb61c553fe168f59edd067033adc22b3bd66864bf2e', x'3031396238313262316663313330666437613632343239612076657273696f6e2033201b60c7bce3');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 4, 1767398648697, x'0102030405060708', 'test', 'update', x'10b2df0fab7619b1f964d86749f888e4', x'0842091ab0e92047d847871551c25f27226f6af3462e4d8bed4621dddf86fe4d', x'3031396238313262316663313330666437613632343239612076657273696f6e20342016b8ba2168');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b812b1fc130fd7a62429a', 5, 1767398649697, x'0102030405060708', 'test', 'update', x'dbbea648caf1205a5b7d81e800b6ebf2', x'8aba330c8473d995f169eac79e394376c8ca109b7dd5724e64c5fa527e736c4a', x'3031396238313262316663313330666437613632343239612076657273696f6e203520362dbc311b');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (1019014375, x'019b842c2ab8320f7813ecce', 1, 1767449045688, x'0102030405060708', 'test', 'create', x'3f9d54db58caed4f9e34a2c419c3d3a9', x'5f07d9f39db785f508adf525746b29a0f6f39629a1c49b578be910f0ceeb0596', x'3031396238343263326162383332306637383133656363652076657273696f6e2031203554ebda09');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7526f3aef3436f50b2f7', 1, 1767197045678, x'0102030405060708', 'test', 'create', x'2b4728e5597d2e18adba85df4adde5cd', x'1f00985bdc7c807dde54a2494b246ab5b46c9ce8178cae33eb7bf0c7da4965c1', x'3031396237353236663361656633343336663530623266372076657273696f6e20312004b38db9bf');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7526f3b94ab9b081707f', 1, 1767197045689, x'0102030405060708', 'test', 'create', x'f540c4f8a73a45a93f83887d0cc45226', x'ca50ca68273a44c29a7da78a639f1ff707ab776d1351f9812ace397b5390dfa9', x'3031396237353236663362393461623962303831373037662076657273696f6e203120b4fa3e869c');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7526f3b94ab9b081707f', 2, 1767197046689, x'0102030405060708', 'test', 'update', x'8b7b23acd5f3788fc7fcf8892b756da9', x'58fc5c58f4750e990604aa04c19bb4c66740e0220a40b7505d742d7105ef74ab', x'3031396237353236663362393461623962303831373037662076657273696f6e203220db813affb3');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7793afa71c0499511', 1, 1767222245690, x'0102030405060708', 'test', 'create', x'2dd57c0c4dee851f40507e9d97cf8b66', x'17520c7e3b0f23ee4d820483e65624f6f4deaa58661408080db9ca1db547f805', x'3031396237366137373933616661373163303439393531312076657273696f6e20312003ee0d9eaa');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7793afa71c0499511', 2, 1767222246690, x'0102030405060708', 'test', 'update', x'5def71a4aba528fd496cb377f2f2c1fe', x'ad72b5533085947084c6258d6bbb707d6a02448a31f2e29bb147a8b330ba6776', x'3031396237366137373933616661373163303439393531312076657273696f6e203220cbb60cc913');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7793afa71c0499511', 3, 1767222247690, x'0102030405060708', 'test', 'update', x'35387343480f830e6ceac07a3f960c7b', x'edbe53bb74129ca8cdc6b439cf6ca4b46c8535ebbc1a4feec512bb5090152853', x'3031396237366137373933616661373163303439393531312076657273696f6e203320e3abd61027');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7794558c77884a11d', 1, 1767222245701, x'0102030405060708', 'test', 'create', x'67986526e57d74fcd94e4205d699045f', x'7a5e58fe6b1f67fe5baa15dce7f0ed65e2bac0d2aa4becbbdf8397948c7edefa', x'3031396237366137373934353538633737383834613131642076657273696f6e2031207c14aed70e');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7794558c77884a11d', 2, 1767222246701, x'0102030405060708', 'test', 'update', x'43622d0b33a370c89dc77e4bccc81e73', x'e1148b88bdd10eb9864948e22094a3a86da07af59d14eb69ec766ad1730c3ceb', x'3031396237366137373934353538633737383834613131642076657273696f6e20322066365e571b');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7794558c77884a11d', 3, 1767222247701, x'0102030405060708', 'test', 'update', x'1bbb2cdf407675d3e4272c5d9531f5a7', x'60388bfc97999896633600ecc275d4e91603c9a0ea165ea47e1cb69c12fcee98', x'3031396237366137373934353538633737383834613131642076657273696f6e20332079347db966');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b76a7794558c77884a11d', 4, 1767222248701, x'0102030405060708', 'test', 'update', x'9752dbde93c5c21b60dacf720a8688bd', x'101e4eed114331f88af89c3fd72719ea4f3d7c3aed444ae970682d8c3ff4a1ce', x'3031396237366137373934353538633737383834613131642076657273696f6e2034201eb8a5a04e');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7827feb0b459afddb3a0', 1, 1767247445680, x'0102030405060708', 'test', 'create', x'f7a3c854840febe951cd35721eb64f8e', x'1e182144a734d356d32485c5f958933be3f58cbec71c6d46db99765aa8681d9b', x'3031396237383237666562306234353961666464623361302076657273696f6e203120ef9a8eed7d');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7827feb0b459afddb3a0', 2, 1767247446680, x'0102030405060708', 'test', 'update', x'465fa435afcafa6fbf41ca17f86eb0c3', x'cb1e00974a95a05c1a70a52c9c0801b16305f8bfad22715a316d64d50ef62157', x'3031396237383237666562306234353961666464623361302076657273696f6e20322006248678ac');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7827feb0b459afddb3a0', 3, 1767247447680, x'0102030405060708', 'test', 'update', x'261af37e39978c3c4f679bedb6fb9525', x'3b808e92e7da14e1584f8d9a4efd32b103366be55d0c5f4645989d57895bed18', x'3031396237383237666562306234353961666464623361302076657273696f6e2033206069a11285');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', 1, 1767272645681, x'0102030405060708', 'test', 'create', x'2676f07d4fac5ab56f6c373a5e1e152c', x'08d39fb0d0a5c262654847a2ba7662caffb106ac4dfc64d39a1680813445cba0', x'3031396237396138383433313034626231336331656133662076657273696f6e2031201837fc2b14');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', 2, 1767272646681, x'0102030405060708', 'test', 'update', x'53ef959af13a913c45c8139cff100790', x'e5eec3b3c97ea418f827a36a4fa1f4ed3f35b6a0997df71d6267ba962b70447e', x'3031396237396138383433313034626231336331656133662076657273696f6e20322013d5bebe47');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', 3, 1767272647681, x'0102030405060708', 'test', 'update', x'de803014c480c2822d9aca1b80918f80', x'3a3f2e9fc0ee7a60475739ca2d83fafbb5b89fa42dab261662e146c91c452990', x'3031396237396138383433313034626231336331656133662076657273696f6e203320fb413b4385');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', 4, 1767272648681, x'0102030405060708', 'test', 'update', x'bbfe6463e67545dd76859fbec5c91dca', x'355a81096010e5164ec433f88a42dbf0097f7fdc9df959aed321a1de586a0af6', x'3031396237396138383433313034626231336331656133662076657273696f6e203420382fdb5bb8');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843cdab546e886da', 1, 1767272645692, x'0102030405060708', 'test', 'create', x'801150310761377ae5cc9ea1d84c8211', x'4b3a7459f35c8d00e29f6465762ada08cec4aabe78629919d99ba8b2b4da20d6', x'3031396237396138383433636461623534366538383664612076657273696f6e2031208e3d4ec92b');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843cdab546e886da', 2, 1767272646692, x'0102030405060708', 'test', 'update', x'68bd97d33c9c93eca37e6758e756d6b4', x'372410e256309181af9140b023b49ce6714576816adfd9ff5cfb362054c261f5', x'3031396237396138383433636461623534366538383664612076657273696f6e203220cdfc90568e');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843cdab546e886da', 3, 1767272647692, x'0102030405060708', 'test', 'update', x'387ee665d60d1a550b828bf467f9d676', x'2c8bad181860f595945117e0daa70bf2cbf423b44f0ba91d99d9f2ab192a49d4', x'3031396237396138383433636461623534366538383664612076657273696f6e203320c961f31ba0');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843cdab546e886da', 4, 1767272648692, x'0102030405060708', 'test', 'update', x'2f62768c4023bdbda3203ccd6eb67e8a', x'909f7b354efbb7bc395a0ad559f8918a2ea95908038a1dd5df0bf11625c747e7', x'3031396237396138383433636461623534366538383664612076657273696f6e2034201634bc6f83');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b79a8843cdab546e886da', 5, 1767272649692, x'0102030405060708', 'test', 'update', x'8ed6973f1c772196ab9cc3bcb4360ee0', x'452d551806da5e3ed1a52703f445834633ea6cbf66526ef2c2bcf70b781362bd', x'3031396237396138383433636461623534366538383664612076657273696f6e20352071b0425cc4');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7b2909bd44b194b63684', 1, 1767297845693, x'0102030405060708', 'test', 'create', x'371290274eae7d706908b22ddcd65394', x'8a074fb13ff2a87ea976dadf7cf9e3d99ba9ed8860a9c955d17f98705d557ba3', x'3031396237623239303962643434623139346236333638342076657273696f6e2031207ff78eb638');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7ca98f33320f7813ecce', 1, 1767323045683, x'0102030405060708', 'test', 'create', x'ffd5f7779453bb0cd1451a903341a009', x'c835176639822008e56d5c8098d08b4dbc9c4d5dd8fa0261472cfc43e9555c30', x'3031396237636139386633333332306637383133656363652076657273696f6e203120f148385b24');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14b43f1fefa62923', 1, 1767348245684, x'0102030405060708', 'test', 'create', x'7c20da996951c2a5116c5968b4608646', x'9fd3f438671f7010e31c7ecc653282bd1745636315e49fa2a8e03bc2b8754703', x'3031396237653261313462343366316665666136323932332076657273696f6e2031206a6f80d953');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14b43f1fefa62923', 2, 1767348246684, x'0102030405060708', 'test', 'update', x'0f1cdb6daecf6330bb16dc65c8727759', x'fe7d2a451c5d70e122bb1c7b0b80487e84e936208bc44520f5f4327ea6ae8ac6', x'3031396237653261313462343366316665666136323932332076657273696f6e203220696b94e8e1');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14b43f1fefa62923', 3, 1767348247684, x'0102030405060708', 'test', 'delete', x'2bfc6fd32ff0fbd0df271494ea61d95c', x'e58380cd91aaa9c790da1d455806eee62ac6e5dfae6060357b4cceb5428cb595', x'3031396237653261313462343366316665666136323932332076657273696f6e203320c42f53aea6');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14bf6543a85f6ff4', 1, 1767348245695, x'0102030405060708', 'test', 'create', x'31c1b25ab69dc09ba622cd3af3534a79', x'acc9a45c0787b7af3d369343fc4e6252183b8ec36385085625a811bf0b1204d9', x'3031396237653261313462663635343361383566366666342076657273696f6e2031201c330091db');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14bf6543a85f6ff4', 2, 1767348246695, x'0102030405060708', 'test', 'update', x'e2028549d6916ff265c8c8b52a9a78f8', x'e995eb7ae6bc78eb110f45fdb723f1debe348c87dc9a5bc5076e1de4a13f90ce', x'3031396237653261313462663635343361383566366666342076657273696f6e2032201d79793802');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7e2a14bf6543a85f6ff4', 3, 1767348247695, x'0102030405060708', 'test', 'update', x'd4b6e2d585e63abfb631d5d31d4d4072', x'd09a53482e5a981135b58248f2f4956b4b6b0a31dc2f98d0895dd11a18698648', x'3031396237653261313462663635343361383566366666342076657273696f6e2033204ad32093c4');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7faa9a40829aa573beeb', 1, 1767373445696, x'0102030405060708', 'test', 'create', x'c6679c4c83ae1d0155e0f458cd42de6f', x'f08c717230b2028701a97c88110e895549ed85790e248d60645fb7a0fe1b2a93', x'3031396237666161396134303832396161353733626565622076657273696f6e203120e7a687b922');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7faa9a40829aa573beeb', 2, 1767373446696, x'0102030405060708', 'test', 'update', x'f951736638357751a8d21c8f4e36afae', x'3b6cd495a7e76bae8ab3b8c2fc8bbc9ce6db37fd742977c211754d258fb82231', x'3031396237666161396134303832396161353733626565622076657273696f6e203220b319ccf7b8');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7faa9a40829aa573beeb', 3, 1767373447696, x'0102030405060708', 'test', 'update', x'5d06565ae2a6169d44b099a1c2e56713', x'684cc0fba37b56b65738e91d62d3b507995fb095d83d98a9ed06f8ce732e8882', x'3031396237666161396134303832396161353733626565622076657273696f6e203320339bf4321d');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b7faa9a40829aa573beeb', 4, 1767373448696, x'0102030405060708', 'test', 'update', x'5dcb433ffed51399523c436340201ca5', x'7a3af889b85965e595318f0ecacef6d116ad73eb2b2a8a13548019f0692c9f7a', x'3031396237666161396134303832396161353733626565622076657273696f6e2034206a1ba16b9d');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', 1, 1767398645686, x'0102030405060708', 'test', 'create', x'31e2bc12cc90de4621ca74ffad986edc', x'6cc31f9bd78c3a52bc6e6f77ae74f6e0b4384029740d86777ed67832dd4f1eca', x'3031396238313262316662363230663564633831613363362076657273696f6e2031205707920604');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', 2, 1767398646686, x'0102030405060708', 'test', 'update', x'ce6cbceb7e8282651f2eece10e597c8c', x'3bc78280c56aa69a16389259e90e9caea696a5ff5c97f53f41dfe7e5c601d7d3', x'3031396238313262316662363230663564633831613363362076657273696f6e203220f6fd0a98be');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', 3, 1767398647686, x'0102030405060708', 'test', 'update', x'61b4a3b7815b5240daffd049419d546b', x'2ce9b94d7f819e875119d832fa162ea2289660c6db567f197adaf844f99b43fb', x'3031396238313262316662363230663564633831613363362076657273696f6e203320a3f8cf3ef7');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', 4, 1767398648686, x'0102030405060708', 'test', 'update', x'01a3a6af765ff68846e11aa929b86186', x'a757d6070e3b8d6eb13bd40824c8a24a585917465f9e2a0a1f43099170f0b761', x'3031396238313262316662363230663564633831613363362076657273696f6e2034201efbd5f330');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba53730fd7a62429a', 1, 1767423845687, x'0102030405060708', 'test', 'create', x'b49ee90e1a1c6560dfe0ace322bf334b', x'3aeb696b50088519644427b84d0d3287ee4abacb4867650f9db752abd274c38f', x'3031396238326162613533373330666437613632343239612076657273696f6e2031204b80c37306');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba53730fd7a62429a', 2, 1767423846687, x'0102030405060708', 'test', 'update', x'6d6dcdf925ef54a29f4ba5dd9cfc9766', x'80842278d355b0bdd7d96f407c59c2666b0681226779ac7369124311412e756d', x'3031396238326162613533373330666437613632343239612076657273696f6e203220e5cca323f1');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba53730fd7a62429a', 3, 1767423847687, x'0102030405060708', 'test', 'update', x'd379f145dba8a8941b3cbf551767ca0d', x'c3cf2a432df399907c79344f89717a723fe71631dc9fb8310edbbc78728292ad', x'3031396238326162613533373330666437613632343239612076657273696f6e20332097a4f88305');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba53730fd7a62429a', 4, 1767423848687, x'0102030405060708', 'test', 'update', x'a30a11c56836858afe944cd2110524e1', x'50a6ebead4c7a5f588f66293e13904301f3dd020eba55c663280139e2703d456', x'3031396238326162613533373330666437613632343239612076657273696f6e203420ee9eb07d3e');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba53730fd7a62429a', 5, 1767423849687, x'0102030405060708', 'test', 'update', x'ffa24cdc94841a172767fba7cd1dc88c', x'b6dddadfbe2862775ae95cb5e1a3e54610448891eb4d902397de1b141a7d2764', x'3031396238326162613533373330666437613632343239612076657273696f6e203520cee05eb823');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba542df3ed0f4e11a', 1, 1767423845698, x'0102030405060708', 'test', 'create', x'2bb05831d53e0adef6daf66d79663f60', x'4d9bf525045f799ddf428e5547c0c487f903ab32229d3af06d3a07f34cc3a577', x'3031396238326162613534326466336564306634653131612076657273696f6e2031203a6ed08057');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b82aba542df3ed0f4e11a', 2, 1767423846698, x'0102030405060708', 'test', 'delete', x'd3368216e71d269cbbb84fee32d0be6e', x'e95cf8d25a01d75ef3a4c1eae3ce3837db458a4777c6118b19c291b505bd8127', x'3031396238326162613534326466336564306634653131612076657273696f6e203220a97b66f287');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b842c2ac3b24c92e66f38', 1, 1767449045699, x'0102030405060708', 'test', 'create', x'660b4dcebd4c00cfc382af92fcf7e37f', x'8380e2396acc9a62d9f3d71346ff89378011830e84374de4f9a97d95befe13b1', x'3031396238343263326163336232346339326536366633382076657273696f6e203120c91cc724d1');
INSERT INTO version (book, client, version, time, credential, dialect, action, head, hash, body) VALUES (3329644069, x'019b842c2ac3b24c92e66f38', 2, 1767449046699, x'0102030405060708', 'test', 'update', x'8392471e6a5e1b9481908b95fd5d6f77', x'dfed3817fd92dca77f39df409930284f6f661f484ac894707047340bbb39ded8', x'3031396238343263326163336232346339326536366633382076657273696f6e20322087baba75ea');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b7526f3c44ab9b081707f', x'3031396237353236663363343461623962303831373037662076657273696f6e20302021880ae006b60fddb57d11602ebdef78512eb1bc03e7516ae0');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b76a7792ff3436f50b2f7', x'3031396237366137373932666633343336663530623266372076657273696f6e20302019082e501fdc328595df46b574f448aa452102c32a1416e86b');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b7827febb3f1fefa62923', x'3031396237383237666562623366316665666136323932332076657273696f6e203020aa3745efed639d11184f61de653212f76acc9f0a23086a7c3c');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b7b2909b2b459afddb3a0', x'3031396237623239303962326234353961666464623361302076657273696f6e20302084de6609e377093f5507130c72439d8c271b332b085e01979b');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b7ca98f3e20f5dc81a3c6', x'3031396237636139386633653230663564633831613363362076657273696f6e203020eb534a7768e22a88d09714bd8be2bd58805801181f72282abd');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b7faa9a3504bb13c1ea3f', x'3031396237666161396133353034626231336331656133662076657273696f6e203020fa812dfc74f5444d3f0b622adff347c2329ed1003b78a721a5');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b812b1fc130fd7a62429a', x'3031396238313262316663313330666437613632343239612076657273696f6e203020416540730bd0c0e9cea86eb28af73b7bc91e2d9d87b8e947e2');
INSERT INTO key (book, client, wrapped) VALUES (1019014375, x'019b842c2ab8320f7813ecce', x'3031396238343263326162383332306637383133656363652076657273696f6e20302086d69852eaecead1751b3cf1fb2627c427f241933eb3d82c79');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7526f3aef3436f50b2f7', x'3031396237353236663361656633343336663530623266372076657273696f6e2030201bd576927f371c4e710bf15ec6ba5fcfab52e92bb70459c629');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7526f3b94ab9b081707f', x'3031396237353236663362393461623962303831373037662076657273696f6e20302021c3e31edea20aed8b2427fc11614ba7dfa9e8122b0aa77b79');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b76a7793afa71c0499511', x'3031396237366137373933616661373163303439393531312076657273696f6e2030209550959d007ed28fb7227f02ff4df809acb44b79297e1e5791');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b76a7794558c77884a11d', x'3031396237366137373934353538633737383834613131642076657273696f6e20302048790df8900bfc7e96e6b51ce3c1ca2bd9621164a12c91c3d2');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7827feb0b459afddb3a0', x'3031396237383237666562306234353961666464623361302076657273696f6e2030201ed7701219714b46b2c1ecc683ffaf59a245fea86cbb48f742');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b79a8843104bb13c1ea3f', x'3031396237396138383433313034626231336331656133662076657273696f6e2030204d630b2e851366ef152ebbc28969391d3dc88e9eb21eb73028');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b79a8843cdab546e886da', x'3031396237396138383433636461623534366538383664612076657273696f6e203020788a64c54f1a9c47475ff876db12c1fb738e83e0afdbdb5966');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7b2909bd44b194b63684', x'3031396237623239303962643434623139346236333638342076657273696f6e203020553830fca03e82e280dee57d7e49e9149f8701a83ca5775a87');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7ca98f33320f7813ecce', x'3031396237636139386633333332306637383133656363652076657273696f6e2030205199cda5d43c0eb38897e19cee09b1d21a4d85e6a2a84af034');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7e2a14b43f1fefa62923', x'3031396237653261313462343366316665666136323932332076657273696f6e203020a3e1a6a7f0983e8623f09badd93c31504f520acef02d8a2cf9');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7e2a14bf6543a85f6ff4', x'3031396237653261313462663635343361383566366666342076657273696f6e203020bb8ee9d35501678e91b1a69d44a3a849114c321e642b71d837');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b7faa9a40829aa573beeb', x'3031396237666161396134303832396161353733626565622076657273696f6e2030205823a5df03a390a2bf130c63e586d9f8abe4fa6e45a75b3725');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b812b1fb620f5dc81a3c6', x'3031396238313262316662363230663564633831613363362076657273696f6e2030204e9f3dc281643e4a3671946192269f7457f02c0d6c93cec33e');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b82aba53730fd7a62429a', x'3031396238326162613533373330666437613632343239612076657273696f6e2030207b59d981bd1997ae14478e2aaf9bf6ba87844760ba863ad100');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b82aba542df3ed0f4e11a', x'3031396238326162613534326466336564306634653131612076657273696f6e20302014136d2a1adf5887ce13e07babc45996940e724b17dbdf2211');
INSERT INTO key (book, client, wrapped) VALUES (3329644069, x'019b842c2ac3b24c92e66f38', x'3031396238343263326163336232346339326536366633382076657273696f6e2030203f95f27cbdde3fca16f4de78a351edc5220431c3fdc420be37');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'013ab78812e39086a2244616e2d5055c', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'015a31603c331b8d46a4122a8950ee63', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'018172b75e7f3df48c3520c32eab0953', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'018ebe20d498f47ec920e148c16aafda', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'01daa971c36b1e031aeaad69ea366f9e', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'01eefd829192cf79fa8d719605b1965c', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 2, x'01eefd829192cf79fa8d719605b1965c', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'011de75699df18fcfa44f18b698b8edd', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'0130107afd11d57e1d916dc21ba0f001', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'01c05edff5d9af1194403af4097bb3c6', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'01d0dc9592c9f4b966affe090d11d4ee', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'01d3bd2d2e7754c64779b997726d31ca', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'01debfddeb73ba07a03a7543cefb155d', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 5, x'01f6b52ffcdd4e3335266f1dad0910d2', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 8, x'0108fe488e6fb2c9108ed804b9157220', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 8, x'019d78cccfec3d1651ec5dd8a66837a8', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 8, x'01a56a1875d451502e7230661d39f03a', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 8, x'01c1dd656507936a05da6fffe6821b4b', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 8, x'01f600c4d684c046a22a2cadfd09972e', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 10, x'0101d5674fc57c32ce7b49f88e53a9a9', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 10, x'0101d5674fc57c32ce7b49f88e53a9a9', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 10, x'0101d5674fc57c32ce7b49f88e53a9a9', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 10, x'0101d5674fc57c32ce7b49f88e53a9a9', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 10, x'0101d5674fc57c32ce7b49f88e53a9a9', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 12, x'01a1ee1a6f7c66ad3c468820ea133605', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 12, x'01a1ee1a6f7c66ad3c468820ea133605', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 12, x'01a1ee1a6f7c66ad3c468820ea133605', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 12, x'01a1ee1a6f7c66ad3c468820ea133605', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 12, x'01a1ee1a6f7c66ad3c468820ea133605', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 13, x'018a14b9c87cec09f683e86113684f2a', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 20, x'01d6c517e9eb68a4749c748117cdafc6', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 20, x'01d813ef8545dda7bbcb69a196492f11', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 23, x'01fe335f8392faf485f3eec93a05f767', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 23, x'01fe335f8392faf485f3eec93a05f767', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01158d1768fc9a5a5bb05644692580df', 1767373445685, x'019b7faa9a3504bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'017f72cf2c5f53eb172284561e1b2dfd', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'017fe9b5db7a5e5933b1b6f3eaae84bf', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767222245679, x'019b76a7792ff3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767323045694, x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'0198bcb2bb89a355555e2953069b04f1', 1767197045700, x'019b7526f3c44ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01b4776dea9bf9bedb1b88558c284778', 1767398645697, x'019b812b1fc130fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01ebf0320a218fe12c0f6791142b589c', 1767449045688, x'019b842c2ab8320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (1019014375, 25, x'01f702bf2a179ae45b6dcf3e0060c925', 1767297845682, x'019b7b2909b2b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'012426a5f86cef5c7f114c5dc472c15b', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01300417c36ebf8fcc6fb811c3423e88', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'0137c9c9497a26b1a57b34c7caf7f824', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'0190c1810ba9f5b18a6263f9dcbe071d', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'0195e9c540c44465fdf1d443f97d4fa4', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01baf6681e6bf724df9a1ef93bcaf64d', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01bdf5b37b95aa19cea5a42a66a12259', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01d804a613350651a47502f0ec140747', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01eefd829192cf79fa8d719605b1965c', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 2, x'01eefd829192cf79fa8d719605b1965c', 1767297845693, x'019b7b2909bd44b194b63684');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'013b65af14d9636adef4fe565123fea4', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'013b7b683cc0b7da9092cc5c2a7ca215', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'015e96137654ac0983e92359cc31a811', 1767373445696, x'019b7faa9a40829aa573beeb');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'0171927e82585af40105a67d5a263ef3', 1767222245701, x'019b76a7794558c77884a11d');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'0171a51d878336c713e391da167a96ec', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'017d62ef0b5ab57e7f8f82d8e1dd23dd', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01882336ae445d09bcfed22f6ca344d9', 1767398645686, x'019b812b1fb620f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01936e407e24d6c77ca832c95db97417', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01af714bcf3a11f0eb471630b2c03475', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01cec2275666d59441110b5e3ce869d6', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01dcc12b72e1ee1bbab3952c3b8017e0', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01e342e40c2d7eb8325c636563fcd3d7', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 5, x'01fe53071d7f82baa178abc81ae1c743', 1767272645681, x'019b79a8843104bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'0128a0d3c306d7b713b8b265cd732c00', 1767398645686, x'019b812b1fb620f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'0142c6f6269b1a84e698d8134d207c8a', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'014cd437da008b1e01568d8d91cb9277', 1767373445696, x'019b7faa9a40829aa573beeb');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01914b7827b0ec5488853a2587312eb1', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01b67f74e005ddcc83883093c7c6cafd', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01bce2455053c78c8a3d0a5debec3eae', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01c2b3dcadb90aa5b39e2254f02d0174', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01eb6bdd74bde1d76f2507abd961808d', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01f703832b8447e2608c865a0432ada4', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 8, x'01f7d297e39f63aa55789a302454faee', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'0195eb3e75dc1ee92e6516f4ec421fdd', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'0195eb3e75dc1ee92e6516f4ec421fdd', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'0195eb3e75dc1ee92e6516f4ec421fdd', 1767373445696, x'019b7faa9a40829aa573beeb');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'0195eb3e75dc1ee92e6516f4ec421fdd', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'0195eb3e75dc1ee92e6516f4ec421fdd', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'01ed4dddfd2359ea9d3ead01a9a1f717', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'01ed4dddfd2359ea9d3ead01a9a1f717', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'01ed4dddfd2359ea9d3ead01a9a1f717', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'01ed4dddfd2359ea9d3ead01a9a1f717', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 10, x'01ed4dddfd2359ea9d3ead01a9a1f717', 1767398645686, x'019b812b1fb620f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'013d411f8bfd50ce6c41f69a1640f784', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'013d411f8bfd50ce6c41f69a1640f784', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'013d411f8bfd50ce6c41f69a1640f784', 1767373445696, x'019b7faa9a40829aa573beeb');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'013d411f8bfd50ce6c41f69a1640f784', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'013d411f8bfd50ce6c41f69a1640f784', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'016b8fa46b6df152e3ceb697ebf7ebbc', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'016b8fa46b6df152e3ceb697ebf7ebbc', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'016b8fa46b6df152e3ceb697ebf7ebbc', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'016b8fa46b6df152e3ceb697ebf7ebbc', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 12, x'016b8fa46b6df152e3ceb697ebf7ebbc', 1767398645686, x'019b812b1fb620f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'018a14b9c87cec09f683e86113684f2a', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'018a14b9c87cec09f683e86113684f2a', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'018a14b9c87cec09f683e86113684f2a', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'018a14b9c87cec09f683e86113684f2a', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767373445696, x'019b7faa9a40829aa573beeb');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 13, x'01e1d438ef02da1ae1b5a1baf4fa0b9d', 1767398645686, x'019b812b1fb620f5dc81a3c6');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 20, x'012b0d6653b35a84105ec307897ee4dd', 1767272645681, x'019b79a8843104bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 20, x'0198d7e9212fd01b2f521727f4d22a49', 1767297845693, x'019b7b2909bd44b194b63684');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 20, x'01c231b1b5aaf7ba2342f6e11df20cc5', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 20, x'01d3b9d79ae9a6e978c2d255a203d6f2', 1767222245701, x'019b76a7794558c77884a11d');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 23, x'01fe335f8392faf485f3eec93a05f767', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 23, x'01fe335f8392faf485f3eec93a05f767', 1767222245701, x'019b76a7794558c77884a11d');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 23, x'01fe335f8392faf485f3eec93a05f767', 1767272645681, x'019b79a8843104bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 23, x'01fe335f8392faf485f3eec93a05f767', 1767297845693, x'019b7b2909bd44b194b63684');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767222245701, x'019b76a7794558c77884a11d');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767272645681, x'019b79a8843104bb13c1ea3f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 24, x'01ceadddb53c1fe72a3417004a136e77', 1767297845693, x'019b7b2909bd44b194b63684');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'011cda965ff2a7bf6c78914e71e6fb1b', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'0131786d8ac2780263fc1ab3a6ed2c20', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'0171b948b4add17267947b6658a45096', 1767197045689, x'019b7526f3b94ab9b081707f');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'017483ab6b25254d5666c4c7c813db3c', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767222245690, x'019b76a7793afa71c0499511');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767323045683, x'019b7ca98f33320f7813ecce');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767423845687, x'019b82aba53730fd7a62429a');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01869ea4b0f834461ec35a9d02e7a51b', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'019db65d39d3645707895dd2e53714a7', 1767197045678, x'019b7526f3aef3436f50b2f7');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'019fa7a191876806dfb5ad0611177402', 1767247445680, x'019b7827feb0b459afddb3a0');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01bf4a848093e3f1daeebbfd5dd8108d', 1767272645692, x'019b79a8843cdab546e886da');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01d8bf4026c17b12c21be83eed44532b', 1767348245695, x'019b7e2a14bf6543a85f6ff4');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01e77bbc43f0dee1406f2fc571909089', 1767449045699, x'019b842c2ac3b24c92e66f38');
INSERT INTO token (book, field, value, created, client) VALUES (3329644069, 25, x'01e8f023d06edb99c5eeaaa899f6afc5', 1767297845693, x'019b7b2909bd44b194b63684');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'0114545b1d6c22f9875820a573d15164', x'019b842c2ab8320f7813ecce');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'0114ae748865714c34bda474293ea001', x'019b7827febb3f1fefa62923');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'0193a81b8ce883627d6aa4916cde313a', x'019b7ca98f3e20f5dc81a3c6');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'019cb090ca5529cfa1a1238097559206', x'019b7526f3c44ab9b081707f');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'019cd592bd928790db1909c23a461298', x'019b76a7792ff3436f50b2f7');
INSERT INTO claim (book, kind, value, client) VALUES (1019014375, 1, x'01aa773e01516200329a1a40a9912a9a', x'019b7b2909b2b459afddb3a0');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'011eb41f11d649c767dd589ec3c9ee9d', x'019b82aba53730fd7a62429a');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'012aa4cb3ba731b3f0f8324e7ff8f963', x'019b7e2a14b43f1fefa62923');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'0151cb3eec4d22d146fe594462de61a5', x'019b82aba542df3ed0f4e11a');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'0152e19a4d93c0c654e328d7be65536c', x'019b842c2ac3b24c92e66f38');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'015aac0e5a24efba7b7bcc9fe1f7d821', x'019b7ca98f33320f7813ecce');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'016944a912e8b617a429754788717ee8', x'019b79a8843cdab546e886da');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01880908a6b37ece617d1f81f2f458f7', x'019b7e2a14bf6543a85f6ff4');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01a41a78ede87482737b6657a5f0ab51', x'019b7faa9a40829aa573beeb');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01c658b0f4f330e1ddf42e2708c6a5a7', x'019b76a7793afa71c0499511');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01d1c924258c7e8947211bfa8d021487', x'019b7827feb0b459afddb3a0');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01d950175050a5d2779706a79dade75e', x'019b812b1fb620f5dc81a3c6');
INSERT INTO claim (book, kind, value, client) VALUES (3329644069, 1, x'01e1293f606475d047578f7ca4fa3e31', x'019b7526f3aef3436f50b2f7');
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 1, x'019b76a7792ff3436f50b2f7', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 2, x'019b76a7792ff3436f50b2f7', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 3, x'019b7b2909b2b459afddb3a0', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 4, x'019b7b2909b2b459afddb3a0', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 5, x'019b7b2909b2b459afddb3a0', 3);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 6, x'019b7b2909b2b459afddb3a0', 4);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 7, x'019b7b2909b2b459afddb3a0', 5);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 8, x'019b7faa9a3504bb13c1ea3f', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 9, x'019b7faa9a3504bb13c1ea3f', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 10, x'019b7faa9a3504bb13c1ea3f', 3);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 11, x'019b842c2ab8320f7813ecce', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 12, x'019b7827febb3f1fefa62923', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 13, x'019b7827febb3f1fefa62923', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 14, x'019b7827febb3f1fefa62923', 3);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 15, x'019b7827febb3f1fefa62923', 4);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 16, x'019b7827febb3f1fefa62923', 5);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 17, x'019b7ca98f3e20f5dc81a3c6', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 18, x'019b7ca98f3e20f5dc81a3c6', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 19, x'019b812b1fc130fd7a62429a', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 20, x'019b812b1fc130fd7a62429a', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 21, x'019b812b1fc130fd7a62429a', 3);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 22, x'019b812b1fc130fd7a62429a', 4);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 23, x'019b812b1fc130fd7a62429a', 5);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 24, x'019b7526f3c44ab9b081707f', 1);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 25, x'019b7526f3c44ab9b081707f', 2);
INSERT INTO feed (book, position, client, version) VALUES (1019014375, 26, x'019b7526f3c44ab9b081707f', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 1, x'019b7526f3aef3436f50b2f7', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 2, x'019b7827feb0b459afddb3a0', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 3, x'019b7827feb0b459afddb3a0', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 4, x'019b7827feb0b459afddb3a0', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 5, x'019b79a8843104bb13c1ea3f', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 6, x'019b79a8843104bb13c1ea3f', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 7, x'019b79a8843104bb13c1ea3f', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 8, x'019b79a8843104bb13c1ea3f', 4);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 9, x'019b7ca98f33320f7813ecce', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 10, x'019b7e2a14b43f1fefa62923', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 11, x'019b7e2a14b43f1fefa62923', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 12, x'019b7e2a14b43f1fefa62923', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 13, x'019b812b1fb620f5dc81a3c6', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 14, x'019b812b1fb620f5dc81a3c6', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 15, x'019b812b1fb620f5dc81a3c6', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 16, x'019b812b1fb620f5dc81a3c6', 4);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 17, x'019b82aba53730fd7a62429a', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 18, x'019b82aba53730fd7a62429a', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 19, x'019b82aba53730fd7a62429a', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 20, x'019b82aba53730fd7a62429a', 4);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 21, x'019b82aba53730fd7a62429a', 5);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 22, x'019b7526f3b94ab9b081707f', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 23, x'019b7526f3b94ab9b081707f', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 24, x'019b76a7793afa71c0499511', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 25, x'019b76a7793afa71c0499511', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 26, x'019b76a7793afa71c0499511', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 27, x'019b79a8843cdab546e886da', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 28, x'019b79a8843cdab546e886da', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 29, x'019b79a8843cdab546e886da', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 30, x'019b79a8843cdab546e886da', 4);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 31, x'019b79a8843cdab546e886da', 5);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 32, x'019b7b2909bd44b194b63684', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 33, x'019b7e2a14bf6543a85f6ff4', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 34, x'019b7e2a14bf6543a85f6ff4', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 35, x'019b7e2a14bf6543a85f6ff4', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 36, x'019b7faa9a40829aa573beeb', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 37, x'019b7faa9a40829aa573beeb', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 38, x'019b7faa9a40829aa573beeb', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 39, x'019b7faa9a40829aa573beeb', 4);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 40, x'019b82aba542df3ed0f4e11a', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 41, x'019b82aba542df3ed0f4e11a', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 42, x'019b842c2ac3b24c92e66f38', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 43, x'019b842c2ac3b24c92e66f38', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 44, x'019b76a7794558c77884a11d', 1);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 45, x'019b76a7794558c77884a11d', 2);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 46, x'019b76a7794558c77884a11d', 3);
INSERT INTO feed (book, position, client, version) VALUES (3329644069, 47, x'019b76a7794558c77884a11d', 4);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'00', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'00', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'00', 20455, 2);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'00', 20456, 2);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0101', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0101', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0101', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0101', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0102', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0102', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0c01a1ee1a6f7c66ad3c468820ea133605', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0c01a1ee1a6f7c66ad3c468820ea133605', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0c01a1ee1a6f7c66ad3c468820ea133605', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0c01a1ee1a6f7c66ad3c468820ea133605', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0d018a14b9c87cec09f683e86113684f2a', 20453, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20453, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1701fe335f8392faf485f3eec93a05f767', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1701fe335f8392faf485f3eec93a05f767', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1801ceadddb53c1fe72a3417004a136e77', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1801ceadddb53c1fe72a3417004a136e77', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c02', 20453, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c02', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c02', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c03', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c05', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c05', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (1019014375, x'1c06', 20453, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'00', 20453, 4);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'00', 20454, 4);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'00', 20455, 3);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'00', 20456, 3);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0101', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0101', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0101', 20455, 3);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0101', 20456, 3);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0102', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0102', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c013d411f8bfd50ce6c41f69a1640f784', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c013d411f8bfd50ce6c41f69a1640f784', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c013d411f8bfd50ce6c41f69a1640f784', 20456, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c016b8fa46b6df152e3ceb697ebf7ebbc', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c016b8fa46b6df152e3ceb697ebf7ebbc', 20455, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0c016b8fa46b6df152e3ceb697ebf7ebbc', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d018a14b9c87cec09f683e86113684f2a', 20455, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d018a14b9c87cec09f683e86113684f2a', 20456, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'0d01e1d438ef02da1ae1b5a1baf4fa0b9d', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1701fe335f8392faf485f3eec93a05f767', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1701fe335f8392faf485f3eec93a05f767', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1801ceadddb53c1fe72a3417004a136e77', 20453, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1801ceadddb53c1fe72a3417004a136e77', 20454, 2);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c01', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c01', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c02', 20453, 3);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c02', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c02', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c03', 20455, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c04', 20454, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c04', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c05', 20456, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c06', 20453, 1);
INSERT INTO tally (book, what, day, count) VALUES (3329644069, x'1c06', 20454, 2);
