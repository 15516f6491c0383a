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
	Kind                        ClientKind // 0: any
	Tokens                      []Token    // no token twice
	CreatedAfter, CreatedBefore time.Time  // strictly; zero: open
	UpdatedAfter, UpdatedBefore time.Time  // strictly; zero: open
}

// A ClientReader reads clients.
type ClientReader interface {
	// Current gives the newest version, of a deleted client too. KindNotFound with ReasonClient if there is none.
	Current(BookID, ClientID) (Stored, error)
	// Page calls fn for up to limit clients of q after the first offset, by created and id, largest first.
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
	// Feed calls fn for up to limit entries with a position above after.
	Feed(book BookID, after int64, limit int, fn func(FeedEntry) error) error
	// VersionCount gives the number of versions of the book.
	VersionCount(BookID) (int64, error)
	// DataKey gives a client's wrapped data key, nil if it has none.
	DataKey(BookID, ClientID) ([]byte, error)
	// HasToken says whether the client holds the token.
	HasToken(book BookID, t Token, created time.Time, c ClientID) (bool, error)
	// TokenCount gives the number of tokens of a field, ClaimCount that of claims of a kind.
	TokenCount(BookID, Field) (int64, error)
	ClaimCount(BookID, ClaimKind) (int64, error)
	// Presence gives, for the fields asked for, how many heads have a value; for metadata, how many entries they have together.
	Presence(BookID, []Field) (map[Field]int64, error)
	// Tallies gives the tallies whose key begins with the field's number, Recount the same counted afresh from heads and tokens;
	// FieldNone stands for all clients. By key, then day; no zeros.
	Tallies(BookID, Field) ([]Tally, error)
	Recount(BookID, Field) ([]Tally, error)
}

// A Tx reads and changes what is about no single client.
type Tx interface {
	BookReader
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
}
