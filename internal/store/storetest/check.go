package storetest

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"clientbook"
)

// all is a limit that cuts nothing.
const all = math.MaxInt32

// Check fails the test unless everything in the store agrees with everything else in it, whatever it holds: positions are dense and have
// each version once, in the order of their client; each head is its client's last version's; tallies equal a recount; each client
// has as many tokens as its head says, if its book is indexed.
func Check(t testing.TB, s clientbook.Store) {
	t.Helper()
	view(t, s, func(r clientbook.Reader) error {
		stored, err := r.Books()
		if err != nil {
			return err
		}
		for _, b := range stored {
			checkBook(t, r, b)
		}
		return checkOwners(t, r, stored)
	})
}

func checkOwners(t tb, r clientbook.Reader, stored []clientbook.Book) error {
	t.Helper()
	credentials, err := r.Credentials()
	for _, c := range credentials {
		if !slices.ContainsFunc(stored, func(b clientbook.Book) bool { return b.ID == c.Book }) {
			t.Errorf("credential %s is of book %s, which is not there", c.ID, c.Book)
		}
	}
	return err
}

// checkBook checks one book by itself and gives its heads and its feed.
func checkBook(t tb, r clientbook.Reader, b clientbook.Book) ([]clientbook.Head, []clientbook.FeedEntry) {
	t.Helper()
	heads := readHeads(t, r, b.ID)
	feed := readFeed(t, r, b.ID)
	checkFeed(t, r, b, heads, feed)
	checkActions(t, r, b.ID, feed)
	for i := range heads {
		checkClient(t, r, b, &heads[i])
	}
	checkCounts(t, r, b, heads)
	checkTalliesOf(t, r, b.ID, heads)
	checkList(t, r, b.ID, heads)
	return heads, feed
}

func readHeads(t tb, r clientbook.Reader, book clientbook.BookID) []clientbook.Head {
	t.Helper()
	var heads []clientbook.Head
	err := r.Heads(book, clientbook.ClientID{}, all, func(h *clientbook.Head) error {
		if n := len(heads); n > 0 && bytes.Compare(heads[n-1].Client[:], h.Client[:]) >= 0 {
			t.Errorf("Heads gave %s after %s, want them in the order of ids", h.Client, heads[n-1].Client)
		}
		heads = append(heads, *h)
		return nil
	})
	if err != nil {
		t.Errorf("Heads(%s): %v", book, err)
	}
	return heads
}

func readFeed(t tb, r clientbook.Reader, book clientbook.BookID) []clientbook.FeedEntry {
	t.Helper()
	var feed []clientbook.FeedEntry
	err := r.Feed(book, 0, all, func(e clientbook.FeedEntry) error {
		feed = append(feed, e)
		return nil
	})
	if err != nil {
		t.Errorf("Feed(%s): %v", book, err)
	}
	return feed
}

func readVersions(t tb, r clientbook.Reader, book clientbook.BookID, c clientbook.ClientID) []clientbook.Version {
	t.Helper()
	var versions []clientbook.Version
	err := r.Versions(book, c, 0, all, func(v *clientbook.Version) error {
		kept := *v
		kept.Body = bytes.Clone(v.Body)
		versions = append(versions, kept)
		return nil
	})
	if err != nil {
		t.Errorf("Versions(%s, %s): %v", book, c, err)
	}
	return versions
}

func checkFeed(t tb, r clientbook.Reader, b clientbook.Book, heads []clientbook.Head, feed []clientbook.FeedEntry) {
	t.Helper()
	last := map[clientbook.ClientID]int64{}
	for i, e := range feed {
		if e.Position != int64(i)+1 {
			t.Errorf("book %s: entry %d of the feed has position %d, want %d", b.ID, i, e.Position, i+1)
			break
		}
		if last[e.Client]+1 != e.Version {
			t.Errorf("book %s: position %d has version %d of %s after version %d", b.ID, e.Position, e.Version, e.Client, last[e.Client])
		}
		last[e.Client] = e.Version
	}
	if b.Position != int64(len(feed)) {
		t.Errorf("book %s: its newest position is %d, want %d, which the feed has", b.ID, b.Position, len(feed))
	}
	for _, h := range heads {
		if last[h.Client] != h.Version {
			t.Errorf("book %s: %s has version %d, its newest in the feed is %d", b.ID, h.Client, h.Version, last[h.Client])
		}
	}
	if len(last) != len(heads) {
		t.Errorf("book %s: the feed names %d clients, want %d, which have heads", b.ID, len(last), len(heads))
	}
	if n, err := r.VersionCount(b.ID); n != int64(len(feed)) || err != nil {
		t.Errorf("VersionCount(%s): got %d, %v, want %d, which the feed has", b.ID, n, err, len(feed))
	}
}

// checkActions compares what Actions says with Feed and Version.
func checkActions(t tb, r clientbook.Reader, book clientbook.BookID, feed []clientbook.FeedEntry) {
	t.Helper()
	var actions []clientbook.Action
	var entries []clientbook.FeedEntry
	err := r.Actions(book, 0, all, func(e clientbook.FeedEntry, a clientbook.Action) error {
		entries, actions = append(entries, e), append(actions, a)
		return nil
	})
	if err != nil || !slices.Equal(entries, feed) {
		t.Errorf("Actions(%s) against Feed: error %v, %s", book, err, difference(entries, feed))
		return
	}
	for i, e := range feed {
		v, err := r.Version(book, e.Client, e.Version)
		if err != nil || v.Action != actions[i] {
			t.Errorf("Actions(%s), position %d: got %q, its version has %q, %v", book, e.Position, actions[i], v.Action, err)
		}
	}
}

func checkClient(t tb, r clientbook.Reader, b clientbook.Book, h *clientbook.Head) {
	t.Helper()
	if sum := h.Sum(); h.Digest != sum {
		t.Errorf("head of %s: digest %x, want %x, which its columns have: %+v", h.Client, h.Digest, sum, h)
	}
	versions := readVersions(t, r, b.ID, h.Client)
	var before time.Time
	for i, v := range versions {
		if v.Client != h.Client || v.Number != int64(i)+1 {
			t.Errorf("version %d of %s: got number %d of %s", i+1, h.Client, v.Number, v.Client)
		}
		if !v.Time.After(before) {
			t.Errorf("version %d of %s: time %v, want it after that of its predecessor, %v", v.Number, h.Client, v.Time, before)
		}
		before = v.Time
	}
	if int64(len(versions)) != h.Version {
		t.Errorf("%s has %d versions, want %d, which its head has", h.Client, len(versions), h.Version)
		return
	}
	last := versions[len(versions)-1]
	if last.Head != h.Digest {
		t.Errorf("version %d of %s: head digest %x, want %x", last.Number, h.Client, last.Head, h.Digest)
	}
	if (last.Action == clientbook.ActionDelete) != (h.State == clientbook.StateDeleted) {
		t.Errorf("%s: last action %q, state %v", h.Client, last.Action, h.State)
	}
	key, err := r.DataKey(b.ID, h.Client)
	if err != nil || len(key) == 0 {
		t.Errorf("DataKey(%s, %s): got %q, %v, want a key", b.ID, h.Client, key, err)
	}
	key = bytes.Clone(key)
	now, err := r.Current(b.ID, h.Client)
	if err != nil {
		t.Errorf("Current(%s, %s): %v", b.ID, h.Client, err)
		return
	}
	compareVersions(t, "Current", &now.Version, &last)
	if !bytes.Equal(now.Key, key) || now.Settings != b.Settings {
		t.Errorf("Current(%s): got key %q and settings %d, want %q and %d", h.Client, now.Key, now.Settings, key, b.Settings)
	}
}

func compareVersions(t tb, what string, got, want *clientbook.Version) {
	t.Helper()
	if !bytes.Equal(got.Body, want.Body) {
		t.Errorf("%s, version %d of %s: got a body of %d bytes beginning %.60q, want %d bytes beginning %.60q", what, want.Number,
			want.Client, len(got.Body), got.Body, len(want.Body), want.Body)
	}
	g, w := *got, *want
	g.Body, w.Body = nil, nil
	if g.Client != w.Client || g.Number != w.Number || g.Time != w.Time || g.Credential != w.Credential || g.Dialect != w.Dialect ||
		g.Action != w.Action || g.Head != w.Head || g.Hash != w.Hash {
		t.Errorf("%s, version %d of %s:\n got %+v\nwant %+v", what, want.Number, want.Client, g, w)
	}
}

func checkCounts(t tb, r clientbook.Reader, book clientbook.Book, heads []clientbook.Head) {
	t.Helper()
	want := map[clientbook.Field]int64{}
	for _, h := range heads {
		for _, f := range clientbook.Fields() {
			switch {
			case f == clientbook.FieldMetadata:
				want[f] += int64(h.Metadata)
			case h.Present.Has(f):
				want[f]++
			}
		}
	}
	presence, err := r.Presence(book.ID, clientbook.Fields())
	if err != nil {
		t.Errorf("Presence(%s): %v", book.ID, err)
	}
	for _, f := range clientbook.Fields() {
		if presence[f] != want[f] {
			t.Errorf("Presence(%s) of %v: got %d, want %d, which the heads have", book.ID, f, presence[f], want[f])
		}
	}
	var tokens int64
	for _, h := range heads {
		tokens += int64(h.Tokens)
	}
	there, said, err := r.TokenCounts(book.ID)
	if said != tokens || err != nil || book.Indexed >= clientbook.IndexLevel && there != tokens {
		t.Errorf("TokenCounts(%s): got %d there, %d said, %v, want %d, which the heads have", book.ID, there, said, err, tokens)
	}
	numbers, err := r.ClaimCount(book.ID, clientbook.ClaimNumber)
	if numbers != want[clientbook.FieldNumber] || err != nil {
		t.Errorf("ClaimCount(%s, number): got %d, %v, want %d, which is how many numbers there are", book.ID, numbers, err,
			want[clientbook.FieldNumber])
	}
}

// talliedFields gives the fields that have tallies.
func talliedFields() []clientbook.Field {
	fields := []clientbook.Field{clientbook.FieldNone, clientbook.FieldKind, clientbook.FieldState}
	for _, f := range clientbook.Fields() {
		if f.Few() {
			fields = append(fields, f)
		}
	}
	return fields
}

func checkTalliesOf(t tb, r clientbook.Reader, book clientbook.BookID, heads []clientbook.Head) {
	t.Helper()
	counted := map[clientbook.Tally]int64{} // without the count
	for _, h := range heads {
		if h.State == clientbook.StateDeleted {
			continue
		}
		day := clientbook.DayOf(h.Created)
		for _, k := range []clientbook.TallyKey{
			clientbook.TallyAll, clientbook.TallyOfKind(h.Kind), clientbook.TallyOfState(h.State),
		} {
			counted[clientbook.Tally{Key: k, Day: day}]++
		}
	}
	for _, f := range talliedFields() {
		kept, err := r.Tallies(book, f)
		if err != nil {
			t.Errorf("Tallies(%s, %v): %v", book, f, err)
		}
		recounted, err := r.Recount(book, f)
		if err != nil {
			t.Errorf("Recount(%s, %v): %v", book, f, err)
		}
		if !slices.Equal(kept, recounted) {
			t.Errorf("Tallies(%s, %q) against Recount: %s", book, f, difference(kept, recounted))
		}
		if f.Few() {
			continue
		}
		var want []clientbook.Tally
		for k, n := range counted {
			if k.Key[0] == byte(f) {
				k.Count = n
				want = append(want, k)
			}
		}
		slices.SortFunc(want, compareTallies)
		if !slices.Equal(recounted, want) {
			t.Errorf("Recount(%s, %q) against the heads: %s", book, f, difference(recounted, want))
		}
	}
}

// checkList checks that the list has just the clients that are not deleted, newest first.
func checkList(t tb, r clientbook.Reader, book clientbook.BookID, heads []clientbook.Head) {
	t.Helper()
	listed := map[clientbook.ClientID]clientbook.Head{}
	for _, h := range heads {
		if h.State != clientbook.StateDeleted {
			listed[h.Client] = h
		}
	}
	want := int64(len(listed))
	if n, err := r.Count(book, clientbook.ClientQuery{}); n != want || err != nil {
		t.Errorf("Count(%s) of all: got %d, %v, want %d", book, n, err, want)
	}
	open := maps.Clone(listed)
	var before clientbook.Head
	err := r.Page(book, clientbook.ClientQuery{}, 0, all, func(s *clientbook.Stored) error {
		h, ok := open[s.Client]
		if !ok {
			t.Errorf("Page(%s) gave %s, which is deleted, unknown or was given before", book, s.Client)
			return nil
		}
		delete(open, s.Client)
		if s.Number != h.Version {
			t.Errorf("Page(%s) gave version %d of %s, want %d", book, s.Number, s.Client, h.Version)
		}
		if c := before.Created.Compare(h.Created); len(open)+1 < len(listed) &&
			(c < 0 || c == 0 && bytes.Compare(before.Client[:], h.Client[:]) < 0) {
			t.Errorf("Page(%s) gave %s of %v after %s of %v", book, h.Client, h.Created, before.Client, before.Created)
		}
		before = h
		return nil
	})
	if err != nil || len(open) > 0 {
		t.Errorf("Page(%s) of all: error %v, %d of %d clients are missing", book, err, len(open), want)
	}
}
