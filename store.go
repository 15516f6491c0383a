package clientbook

import (
	"context"
	"time"
)

// A Store keeps books. Every engine passes the suite in internal/store/storetest. Its methods may be called from many goroutines; after
// Close each gives KindBusy with ReasonClosed.
type Store interface {
	// View calls fn with one consistent snapshot. fn must not keep what it was given, and should end within two seconds.
	View(ctx context.Context, fn func(Reader) error) error
	// Apply makes all of c durable and visible, or nothing of it. KindStale: the version exists, or its predecessor does not
	// (ReasonVersion), or other settings are in force (ReasonSettings). KindConflict with ReasonClaim: another client holds a claim.
	// KindBusy: nothing was stored, try again. ctx bounds the wait for a turn only; once begun, the outcome is waited for.
	Apply(ctx context.Context, c *Change) error
	// Update is for settings and jobs: fn may run again, and its changes are durable when Update returns nil.
	Update(ctx context.Context, fn func(Tx) error) error
	// Close waits for what has begun, then ends.
	Close() error
}

// A Reader reads one snapshot.
type Reader interface {
	ClientReader
	BookReader
	MessageReader
	AuditReader
}

// A Stored is a client's newest version with its wrapped data key. Body and Key are the store's memory and valid only until the next
// call on the Reader, or until the callback returns that got it.
type Stored struct {
	Version
	Key      []byte
	Settings int64 // the book's settings number; of Current only
}

// A ClientQuery chooses clients that are not deleted; every criterion must hold. Its zero value chooses all.
type ClientQuery struct {
	Kind   ClientKind // 0: any
	Tokens []Token    // all of these; no token twice
	Any    [][]Token  // of each list at least one; a list is not empty, has no token twice and at most MaxAny
	States []State    // one of these; none: any
	Types  []DefinitionKey

	Created, Updated, Approved, Activated, Closed Window // a bounded window chooses no zero time

	Present, Absent FieldSet // fields that have a value, or none
	Ascending       bool     // Page gives the oldest first
}

// MaxAny is the most tokens in one list of ClientQuery.Any.
const MaxAny = 240

// A ClientReader reads clients.
type ClientReader interface {
	// Current gives the newest version, of a deleted client too. KindNotFound with ReasonClient if there is none.
	Current(BookID, ClientID) (Stored, error)
	// Version gives one version. KindNotFound with ReasonClient if there is none.
	Version(BookID, ClientID, int64) (Stored, error)
	// Page calls fn for up to limit clients of q after the first offset, by created and id, largest first unless q is ascending.
	Page(book BookID, q ClientQuery, offset, limit int64, fn func(*Stored) error) error
	// Count gives how many clients q chooses.
	Count(BookID, ClientQuery) (int64, error)
	// ClaimHolder gives the client that holds the claim, false if none does.
	ClaimHolder(BookID, Claim) (ClientID, bool, error)
}

// A BookReader reads what is about no single client.
type BookReader interface {
	// Books gives all books by name, then mode.
	Books() ([]Book, error)
	// Book gives one book. KindNotFound with ReasonBook if there is none.
	Book(BookID) (Book, error)
	// Credential gives a credential, revoked or not. KindNotFound with ReasonCredential if there is none.
	Credential(CredentialID) (Credential, error)
	// Credentials gives all credentials, oldest first.
	Credentials() ([]Credential, error)
	// Keepers gives all keepers, oldest first.
	Keepers() ([]Keeper, error)
	// Settings gives the newest set of settings. KindNotFound with ReasonSettings if none was ever made.
	Settings(BookID) (SettingsSet, error)
}

// A MessageReader reads messages, and how far their makers have come. A Message's Sealed and Key are valid like those of Stored.
type MessageReader interface {
	// Cursor gives the position up to which a follower has read the feed, false if it does not follow.
	Cursor(book BookID, follower string) (int64, bool, error)
	// Message gives one message. KindNotFound with ReasonMessage if there is none.
	Message(BookID, MessageID) (Message, error)
	// Messages calls fn for up to limit messages of q after the first offset, by id, largest first.
	Messages(book BookID, q MessageQuery, offset, limit int64, fn func(*Message) error) error
	// DueMessages calls fn for up to limit queued messages of any book that are due at now, by due time.
	DueMessages(c Channel, now time.Time, limit int, fn func(*Message) error) error
}

// A FeedEntry says which version became visible at a position.
type FeedEntry struct {
	Position int64
	Client   ClientID
	Version  int64
}

// An AuditReader reads what verification compares. All of its ranges are in order and cut by limit, so that no snapshot lives long.
type AuditReader interface {
	// Heads calls fn for up to limit heads, deleted clients' too, with a client id above after, in the order of ids.
	Heads(book BookID, after ClientID, limit int, fn func(*Head) error) error
	// Versions calls fn for up to limit versions of a client with a number above after, oldest first.
	Versions(book BookID, c ClientID, after int64, limit int, fn func(*Version) error) error
	// Feed calls fn for up to limit entries with a position above after; Actions does so too, with what each version did.
	Feed(book BookID, after int64, limit int, fn func(FeedEntry) error) error
	Actions(book BookID, after int64, limit int, fn func(FeedEntry, Action) error) error
	// VersionCount gives the number of versions of the book.
	VersionCount(BookID) (int64, error)
	// DataKey gives a client's wrapped data key, nil if it has none.
	DataKey(BookID, ClientID) ([]byte, error)
	// HasToken says whether the client holds the token.
	HasToken(book BookID, t Token, created time.Time, c ClientID) (bool, error)
	// TokenCounts gives the number of tokens of the book, and the number that its heads say.
	TokenCounts(BookID) (there, said int64, err error)
	// ClaimCount gives the number of claims of a kind.
	ClaimCount(BookID, ClaimKind) (int64, error)
	// Claims calls fn for up to limit claims of a kind with a value above after.
	Claims(book BookID, k ClaimKind, after [16]byte, limit int, fn func(Claim, ClientID) error) error
	// Presence gives, for the fields asked for, how many heads have a value; for metadata, how many entries they have together.
	Presence(BookID, []Field) (map[Field]int64, error)
	// Tallies gives the tallies whose key begins with the field's number, Recount the same counted afresh from heads and tokens;
	// FieldNone stands for all clients. By key, then day; no zeros.
	Tallies(BookID, Field) ([]Tally, error)
	Recount(BookID, Field) ([]Tally, error)
}

// A Tx reads and changes what is about no single client, and what jobs make. It sees what it has changed.
type Tx interface {
	Reader
	// AddBook stores a new book. KindConflict with ReasonExists if one of that id, or of that name and mode, is there.
	AddBook(Book) error
	// AddCredential stores a credential and counts it as a change of the book's settings. KindConflict with ReasonExists if its id is
	// there, KindNotFound with ReasonBook if its book is not; fn must then fail too.
	AddCredential(Credential) error
	// RevokeCredential marks a credential as revoked at t, unless it is already, and counts it as a change of the book's settings.
	// KindNotFound with ReasonCredential if there is none.
	RevokeCredential(id CredentialID, t time.Time) error
	// AddKeeper stores a keeper. KindConflict with ReasonExists if its id is there.
	AddKeeper(Keeper) error
	// AddSettings stores a set of settings and makes its number the book's. KindStale with ReasonSettings if that is not the next one,
	// KindNotFound with ReasonBook if there is no such book; fn must then fail too.
	AddSettings(SettingsSet) error
	// SetIndexed says up to which level all clients of a book have their tokens.
	SetIndexed(book BookID, level int) error
	// AddTokens adds those tokens of a client that it does not have, and says in its head how many it has altogether.
	AddTokens(book BookID, c ClientID, created time.Time, add []Token, total int) error
	// AddClaim gives a claim to a client and says whether the client holds it now: false if another one does.
	AddClaim(BookID, Claim, ClientID) (bool, error)
	// DropClaim takes a claim away from a client, if it holds it.
	DropClaim(BookID, Claim, ClientID) error
	// SetCursor moves a follower from one position to another. None stands for a follower that does not follow. KindStale with
	// ReasonVersion if it is not at from.
	SetCursor(book BookID, follower string, from, to int64) error
	// AddMessage stores a new message. KindConflict with ReasonExists if its id, or one of its position and template, is there.
	AddMessage(*Message) error
	// SetMessage changes state, times, attempts and outcome of a message. KindNotFound with ReasonMessage if there is none.
	SetMessage(*Message) error
}

// None is the position of a follower that does not follow.
const None int64 = -1
