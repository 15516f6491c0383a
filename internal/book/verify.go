package book

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"sort"
	"time"

	"clientbook"
)

// VerifyOptions say what Verify looks at.
type VerifyOptions struct {
	Book     string // "": every book
	Mode     clientbook.Mode
	Deep     bool                  // open every current record, and compare what was made from it
	Progress func(done, all int64) // versions and positions seen, and how many there are; may be nil
}

// A Report says what Verify found to be whole.
type Report struct {
	Book      string
	Mode      clientbook.Mode
	Clients   int64 // deleted ones included
	Versions  int64
	Positions int64
	Deep      bool
}

// String gives the report as a line.
func (r Report) String() string {
	depth := "chains, heads and positions"
	if r.Deep {
		depth = "chains, heads, positions, records, tokens, claims and tallies"
	}
	return fmt.Sprintf("%s (%s): %d clients, %d versions, %d positions: %s are whole", r.Book, r.Mode, r.Clients, r.Versions, r.Positions, depth)
}

// Unseen says what no verification of this kind can see.
const Unseen = "not seen: what somebody who holds the key file forged, and whether the newest versions were cut off, as by an older copy of the data"

// A Break is the first thing that Verify found not to be whole.
type Break struct {
	Book    string
	Mode    clientbook.Mode
	Client  clientbook.ClientID // zero if it is about no client
	Version int64               // 0 if it is about no version
	What    string
}

// Error names the place and what is wrong there.
func (b *Break) Error() string {
	place := fmt.Sprintf("book %s (%s)", b.Book, b.Mode)
	if b.Client != (clientbook.ClientID{}) {
		place += " client " + b.Client.String()
	}
	if b.Version > 0 {
		place += fmt.Sprintf(" version %d", b.Version)
	}
	return place + ": " + b.What
}

// Verify checks the chosen books while they are in use: every version against the chain of its client, every head against its last
// version, positions for being dense and each of one version. The error is a *Break if something is not whole.
func (b *Books) Verify(ctx context.Context, o VerifyOptions) ([]Report, error) {
	var books []clientbook.Book
	if err := b.store.View(ctx, func(r clientbook.Reader) (err error) {
		books, err = r.Books()
		return err
	}); err != nil {
		return nil, err
	}
	if o.Book != "" {
		books = slices.DeleteFunc(books, func(row clientbook.Book) bool { return row.Name != o.Book || row.Mode != o.Mode })
		if len(books) == 0 {
			return nil, clientbook.NotFound(clientbook.ReasonBook)
		}
	}
	var reports []Report
	for _, row := range books {
		ob, err := b.book(ctx, row.ID)
		if err != nil {
			return reports, err
		}
		v := &verification{books: b, book: ob, row: row, options: o, seed: maphash.MakeSeed()}
		v.report = Report{Book: row.Name, Mode: row.Mode, Deep: o.Deep}
		if err := v.run(ctx); err != nil {
			return reports, err
		}
		reports = append(reports, v.report)
	}
	return reports, nil
}

// What one snapshot reads at the most: a small part of the two seconds that it may live.
const (
	headsAtOnce     = 200
	versionsAtOnce  = 1000
	positionsAtOnce = 5000
)

// A verification is one book on its way through Verify. Books are written meanwhile: each slice of clients is compared inside one
// snapshot, whose position is kept, so that the feed can be compared afterwards with the versions that were seen.
type verification struct {
	books   *Books
	book    *openBook // with the settings of the snapshot in use
	row     clientbook.Book
	options VerifyOptions
	report  Report
	slices  []verifiedSlice
	seed    maphash.Seed
	sum     uint64 // of all versions seen, whatever their order
}

// A verifiedSlice says up to which client a snapshot was read, and which position it saw.
type verifiedSlice struct {
	upTo     clientbook.ClientID
	position int64
}

func (v *verification) broken(c clientbook.ClientID, version int64, format string, args ...any) error {
	return &Break{Book: v.row.Name, Mode: v.row.Mode, Client: c, Version: version, What: fmt.Sprintf(format, args...)}
}

func (v *verification) run(ctx context.Context) error {
	steps := []func(context.Context) error{v.clients, v.feed}
	if v.options.Deep {
		steps = append(steps, v.tallies, v.counts)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// view is the store's View, with a snapshot whose settings v.book has: what clients claim depends on them.
func (v *verification) view(ctx context.Context, fn func(clientbook.Reader) error) error {
	for {
		err := v.books.store.View(ctx, func(r clientbook.Reader) error {
			row, err := r.Book(v.row.ID)
			if err == nil && row.Settings != v.book.number {
				err = errOtherSettings
			}
			if err != nil {
				return err
			}
			return fn(r)
		})
		if !errors.Is(err, errOtherSettings) {
			return err
		}
		if v.book, err = v.books.reload(ctx, v.row.ID); err != nil {
			return err
		}
	}
}

// errOtherSettings says that settings were changed just now.
var errOtherSettings = errors.New("other settings are in force")

func (v *verification) progress() {
	if v.options.Progress != nil {
		v.options.Progress(v.report.Versions+v.report.Positions, max(2*v.row.Position, v.report.Versions+v.report.Positions))
	}
}

// clients compares every head with the chain of its versions.
func (v *verification) clients(ctx context.Context) error {
	var after clientbook.ClientID
	for more := true; more; v.progress() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.view(ctx, func(r clientbook.Reader) error {
			row, err := r.Book(v.row.ID)
			if err != nil {
				return err
			}
			var heads []clientbook.Head
			if err := r.Heads(v.row.ID, after, headsAtOnce, func(h *clientbook.Head) error {
				heads = append(heads, *h)
				return nil
			}); err != nil {
				return err
			}
			began := time.Now()
			for i := range heads {
				if err := v.client(r, &heads[i]); err != nil {
					return err
				}
				after = heads[i].Client
				if time.Since(began) > time.Second { // long histories: the rest comes with the next snapshot
					heads = heads[:i+1]
					break
				}
			}
			v.slices = append(v.slices, verifiedSlice{after, row.Position})
			more = len(heads) > 0
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// client compares one head with its versions, and in depth with its record.
func (v *verification) client(r clientbook.Reader, h *clientbook.Head) error {
	v.report.Clients++
	if h.Sum() != h.Digest {
		return v.broken(h.Client, h.Version, "the head does not have its digest")
	}
	var last clientbook.Version
	for more := true; more; {
		more = false
		if err := r.Versions(v.row.ID, h.Client, last.Number, versionsAtOnce, func(ver *clientbook.Version) error {
			more = true
			if err := v.version(&last, ver); err != nil {
				return err
			}
			last = *ver
			last.Body = slices.Clone(ver.Body)
			return nil
		}); err != nil {
			return err
		}
	}
	switch {
	case last.Number != h.Version || !last.Time.Equal(h.Updated):
		return v.broken(h.Client, h.Version, "the head is of version %d, the last version is %d", h.Version, last.Number)
	case last.Head != h.Digest:
		return v.broken(h.Client, h.Version, "the head is not the one that its version made")
	case (last.Action == clientbook.ActionDelete) != (h.State == clientbook.StateDeleted):
		return v.broken(h.Client, h.Version, "the head's state does not fit the last action")
	}
	if !v.options.Deep {
		return nil
	}
	return v.record(r, h, &last)
}

// version compares a version with its predecessor.
func (v *verification) version(last, ver *clientbook.Version) error {
	v.report.Versions++
	v.sum += v.mix(ver.Client, ver.Number)
	switch {
	case ver.Number != last.Number+1:
		return v.broken(ver.Client, last.Number+1, "the version is missing")
	case last.Number > 0 && !ver.Time.After(last.Time):
		return v.broken(ver.Client, ver.Number, "the version is not younger than its predecessor")
	case last.Action == clientbook.ActionDelete:
		return v.broken(ver.Client, ver.Number, "the version comes after a deletion")
	case v.book.vault.Link(last.Hash, ver) != ver.Hash:
		return v.broken(ver.Client, ver.Number, "the version was altered, or it is not the successor of the one before")
	}
	return nil
}

func (v *verification) mix(c clientbook.ClientID, version int64) uint64 {
	return maphash.Comparable(v.seed, struct {
		c clientbook.ClientID
		n int64
	}{c, version})
}

// feed walks all positions. Those that a slice's snapshot had seen must be the versions that were found there, no more and no less.
func (v *verification) feed(ctx context.Context) error {
	var newest, versions, at int64
	if err := v.view(ctx, func(r clientbook.Reader) error {
		row, err := r.Book(v.row.ID)
		if err != nil {
			return err
		}
		newest = row.Position
		versions, err = r.VersionCount(v.row.ID)
		return err
	}); err != nil {
		return err
	}
	if versions != newest {
		return v.broken(clientbook.ClientID{}, 0, "there are %d versions and %d positions", versions, newest)
	}
	var sum uint64
	for at < newest {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := at
		if err := v.view(ctx, func(r clientbook.Reader) error {
			return r.Feed(v.row.ID, at, int(min(positionsAtOnce, newest-at)), func(e clientbook.FeedEntry) error {
				if at++; e.Position != at {
					return v.broken(clientbook.ClientID{}, 0, "position %d is missing", at)
				}
				v.report.Positions++
				if e.Position <= v.seenAt(e.Client) {
					sum += v.mix(e.Client, e.Version)
				}
				return nil
			})
		}); err != nil {
			return err
		}
		if at == before {
			return v.broken(clientbook.ClientID{}, 0, "position %d is missing", at+1)
		}
		v.progress()
	}
	if sum != v.sum {
		return v.broken(clientbook.ClientID{}, 0, "the positions are not those of the versions")
	}
	return nil
}

// seenAt gives the position that the snapshot saw in which the client was compared.
func (v *verification) seenAt(c clientbook.ClientID) int64 {
	i := sort.Search(len(v.slices), func(i int) bool { return slices.Compare(v.slices[i].upTo[:], c[:]) >= 0 })
	return v.slices[min(i, len(v.slices)-1)].position
}
