package storetest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"clientbook"
)

// verify compares all that the store says of the book with the model: what was accepted is there whole, and of what was refused nothing.
func (b *book) verify(t tb) {
	t.Helper()
	b.settle(t)
	b.mu.Lock()
	defer b.mu.Unlock()
	view(t, b.store, func(r clientbook.Reader) error {
		stored, err := r.Book(b.id)
		if err != nil {
			return err
		}
		if stored.Settings != b.settings {
			t.Errorf("Book(%s).Settings: got %d, want %d", b.id, stored.Settings, b.settings)
		}
		heads, feed := checkBook(t, r, stored)
		b.verifyFeed(t, feed)
		b.verifyHeads(t, heads)
		for _, s := range b.clients {
			b.verifyClient(t, r, s)
		}
		b.verifyOffered(t, r)
		b.verifyTallies(t, r)
		b.verifyPage(t, r, clientbook.ClientQuery{}, 0, all)
		return nil
	})
}

// settle waits until every version has its position, which an engine may give a little after the write.
func (b *book) settle(t tb) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var stored clientbook.Book
		var versions int64
		view(t, b.store, func(r clientbook.Reader) (err error) {
			if stored, err = r.Book(b.id); err != nil {
				return err
			}
			versions, err = r.VersionCount(b.id)
			return err
		})
		if stored.Position >= versions || time.Now().After(deadline) {
			return // what is missing then, verification says
		}
	}
}

// verifyFeed checks that the feed grew only at its end since it was last seen.
func (b *book) verifyFeed(t tb, feed []clientbook.FeedEntry) {
	t.Helper()
	if len(feed) < len(b.feed) || !slices.Equal(feed[:len(b.feed)], b.feed) {
		t.Errorf("the feed changed before its end: %s", difference(feed[:min(len(feed), len(b.feed))], b.feed))
	}
	b.feed = feed
}

func (b *book) verifyHeads(t tb, heads []clientbook.Head) {
	t.Helper()
	got := map[clientbook.ClientID]clientbook.Head{}
	for _, h := range heads {
		got[h.Client] = h
		if b.clients[h.Client] == nil {
			t.Errorf("Heads(%s) gave a client that was never accepted: %+v", b.id, h)
		}
	}
	for id, s := range b.clients {
		if got[id] != s.head {
			t.Errorf("head of %s:\n got %+v\nwant %+v", id, got[id], s.head)
		}
	}
}

// verifyClient checks versions, key, tokens and claims of one client.
func (b *book) verifyClient(t tb, r clientbook.Reader, s *state) {
	t.Helper()
	versions := readVersions(t, r, b.id, s.id())
	for i, want := range s.history() {
		if i >= len(versions) {
			t.Errorf("%s is missing", want)
			continue
		}
		compareVersions(t, "Versions", &versions[i], &want.version)
		one, err := r.Version(b.id, s.id(), want.version.Number)
		if err != nil {
			t.Errorf("Version(%s, %d): %v", s.id(), want.version.Number, err)
			continue
		}
		b.compareStored(t, "Version", &one, want)
	}
	if len(versions) > int(s.version.Number) {
		t.Errorf("%s has %d versions, want %d", s.id(), len(versions), s.version.Number)
	}
	for _, number := range []int64{0, s.version.Number + 1} {
		_, err := r.Version(b.id, s.id(), number)
		wantError(t, fmt.Sprintf("Version(%s, %d), which is not there", s.id(), number), err, clientbook.KindNotFound, clientbook.ReasonClient)
	}
	key, err := r.DataKey(b.id, s.id())
	if err != nil || !bytes.Equal(key, s.key) {
		t.Errorf("DataKey(%s): got %q, %v, want %q", s.id(), key, err, s.key)
	}
	current, err := r.Current(b.id, s.id())
	if err != nil {
		t.Errorf("Current(%s): %v", s.id(), err)
		return
	}
	b.compareStored(t, "Current", &current, s)
	for _, token := range s.tokens {
		b.verifyToken(t, r, token, s.head.Created, s.id(), true)
	}
}

func (b *book) compareStored(t tb, what string, got *clientbook.Stored, want *state) {
	t.Helper()
	if !bytes.Equal(got.Key, want.key) {
		t.Errorf("%s, %s: got key %.60q, want %.60q", what, want, got.Key, want.key)
	}
	compareVersions(t, what, &got.Version, &want.version)
}

func (b *book) verifyToken(t tb, r clientbook.Reader, token clientbook.Token, created time.Time, c clientbook.ClientID, want bool) {
	t.Helper()
	if got, err := r.HasToken(b.id, token, created, c); got != want || err != nil {
		t.Errorf("HasToken(%s, %v %d %x, %v, %s): got %v, %v, want %v", b.id, token.Field, token.Kind, token.Value, created, c, got, err, want)
	}
}

// verifyOffered checks the claims that are held, and tokens and claims of every change that the store was asked to apply since the last
// time. Together with the counts of all tokens and claims, this finds whatever should not be there.
func (b *book) verifyOffered(t tb, r clientbook.Reader) {
	t.Helper()
	holders := map[clientbook.Claim]clientbook.ClientID{}
	for id, s := range b.clients {
		for _, c := range s.claims {
			holders[c] = id
		}
	}
	claims := maps.Clone(holders)
	for _, c := range b.offered {
		s := b.clients[c.Head.Client]
		for _, token := range c.Add {
			if s == nil || !slices.Contains(s.tokens, token) {
				b.verifyToken(t, r, token, c.Head.Created, c.Head.Client, false)
			}
		}
		for _, claim := range slices.Concat(c.Take, c.Release) {
			claims[claim] = holders[claim]
		}
		if s == nil {
			b.verifyAbsent(t, r, c.Head.Client)
		}
	}
	b.offered = nil
	for claim, want := range claims {
		got, ok, err := r.ClaimHolder(b.id, claim)
		if got != want || ok != (want != clientbook.ClientID{}) || err != nil {
			t.Errorf("ClaimHolder(%s, %d %x): got %s, %v, %v, want %s", b.id, claim.Kind, claim.Value, got, ok, err, want)
		}
	}
	for _, kind := range clientbook.ClaimKinds {
		b.verifyClaims(t, r, kind, holders, 3)
	}
}

// A heldClaim is a claim with its holder.
type heldClaim struct {
	clientbook.Claim
	holder clientbook.ClientID
}

// verifyClaims reads the claims of a kind, some at a time.
func (b *book) verifyClaims(t tb, r clientbook.Reader, kind clientbook.ClaimKind, holders map[clientbook.Claim]clientbook.ClientID, size int) {
	t.Helper()
	var want, got []heldClaim
	for c, id := range holders {
		if c.Kind == kind {
			want = append(want, heldClaim{c, id})
		}
	}
	slices.SortFunc(want, func(x, y heldClaim) int { return compareClaims(x.Claim, y.Claim) })
	var after [16]byte
	for more := true; more && len(got) <= len(want); {
		n := 0
		err := r.Claims(b.id, kind, after, size, func(c clientbook.Claim, id clientbook.ClientID) error {
			got, after = append(got, heldClaim{c, id}), c.Value
			n++
			return nil
		})
		if more = n == size; err != nil || n > size {
			t.Errorf("Claims(%s, %d, limit %d): got %d, %v", b.id, kind, size, n, err)
			return
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Claims(%s, %d): %s", b.id, kind, difference(got, want))
	}
	if n, err := r.ClaimCount(b.id, kind); n != int64(len(want)) || err != nil {
		t.Errorf("ClaimCount(%s, %d): got %d, %v, want %d", b.id, kind, n, err, len(want))
	}
}

func (b *book) verifyAbsent(t tb, r clientbook.Reader, c clientbook.ClientID) {
	t.Helper()
	_, err := r.Current(b.id, c)
	wantError(t, "Current of a client never accepted", err, clientbook.KindNotFound, clientbook.ReasonClient)
	if key, err := r.DataKey(b.id, c); key != nil || err != nil {
		t.Errorf("DataKey of a client never accepted: got %q, %v, want none", key, err)
	}
	if versions := readVersions(t, r, b.id, c); len(versions) > 0 {
		t.Errorf("Versions of a client never accepted: got %d, want none", len(versions))
	}
}

func (b *book) verifyTallies(t tb, r clientbook.Reader) {
	t.Helper()
	counts := map[clientbook.Tally]int64{} // without the count
	for _, s := range b.clients {
		for _, k := range s.tallied() {
			counts[clientbook.Tally{Key: k, Day: clientbook.DayOf(s.head.Created)}]++
		}
	}
	for _, f := range talliedFields() {
		var want []clientbook.Tally
		for k, n := range counts {
			if k.Key[0] == byte(f) {
				k.Count = n
				want = append(want, k)
			}
		}
		slices.SortFunc(want, compareTallies)
		if got, err := r.Tallies(b.id, f); !slices.Equal(got, want) || err != nil {
			t.Errorf("Tallies(%s, %q): error %v, %s", b.id, f, err, difference(got, want))
		}
	}
}

// verifyPage checks one page, and the count that goes with it.
func (b *book) verifyPage(t tb, r clientbook.Reader, q clientbook.ClientQuery, offset, limit int64) {
	t.Helper()
	listed := b.list(q)
	want := cut(listed, offset, limit)
	var got []clientbook.ClientID
	err := r.Page(b.id, q, offset, limit, func(s *clientbook.Stored) error {
		if i := len(got); i < len(want) && want[i].id() == s.Client {
			b.compareStored(t, "Page", s, want[i])
		}
		got = append(got, s.Client)
		return nil
	})
	if ids := idsOf(want); !slices.Equal(got, ids) || err != nil {
		t.Errorf("Page(%s, %s, offset %d, limit %d): error %v, %s", b.id, describe(q), offset, limit, err, difference(got, ids))
	}
	if n, err := r.Count(b.id, q); n != int64(len(listed)) || err != nil {
		t.Errorf("Count(%s, %s): got %d, %v, want %d", b.id, describe(q), n, err, len(listed))
	}
}

// difference prints where two lists begin to differ.
func difference[E comparable](got, want []E) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	show := func(list []E) string {
		if list = list[i:]; len(list) > 5 {
			return fmt.Sprintf("%+v and %d more", list[:5], len(list)-5)
		}
		return fmt.Sprintf("%+v", list)
	}
	return fmt.Sprintf("%d, want %d; after %d that agree\n got %s\nwant %s", len(got), len(want), i, show(got), show(want))
}

func idsOf(states []*state) []clientbook.ClientID {
	var ids []clientbook.ClientID
	for _, s := range states {
		ids = append(ids, s.id())
	}
	return ids
}
