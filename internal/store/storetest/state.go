package storetest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"clientbook"
)

// start is when the suite's clients are made, unless they say otherwise; its milliseconds are no round number.
var start = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

// A state is all that a store keeps of one client at one version. It never changes once made, so that tests can hold on to it.
type state struct {
	client  clientbook.Client
	extra   []clientbook.Claim // claims beside the one to the number
	need    []clientbook.ClientID
	forbid  []clientbook.Token
	version clientbook.Version
	head    clientbook.Head
	key     []byte
	tokens  []clientbook.Token // in order
	claims  []clientbook.Claim // in order
	before  *state             // nil for the first version
}

// A draft is the next version of a client in plain values. What an edit leaves alone stays as it is.
type draft struct {
	clientbook.Client
	Extra      []clientbook.Claim
	Need       []clientbook.ClientID // of this version alone, like Forbid
	Forbid     []clientbook.Token
	Time       time.Time // of the version
	Credential clientbook.CredentialID
	Dialect    string
	Action     clientbook.Action
	Body       []byte // nil: text that names client and version
}

// next makes the version after before. Deleting is setting the state.
func next(before *state, edit func(*draft)) *state {
	c := before.client
	if c.Person != nil {
		c.Person = new(*c.Person)
	}
	if c.Company != nil {
		c.Company = new(*c.Company)
	}
	c.Metadata, c.Values, c.IDDocuments = slices.Clone(c.Metadata), slices.Clone(c.Values), slices.Clone(c.IDDocuments)
	c.Version++
	c.Updated = before.version.Time.Add(time.Second)
	d := draft{
		Client: c, Extra: slices.Clone(before.extra), Time: c.Updated, Credential: clientbook.CredentialID{1, 2, 3, 4, 5, 6, 7, 8},
		Dialect: "test", Action: clientbook.ActionUpdate,
	}
	return d.finish(before, edit)
}

// first makes the first version of a client: a person with a name and no more.
func first(id clientbook.ClientID, created time.Time, edit func(*draft)) *state {
	d := draft{
		Client: clientbook.Client{
			ID: id, Version: 1, Created: created, Updated: created, State: clientbook.StateInactive,
			Person: &clientbook.Person{FirstName: "Ada", LastName: "Marsh"},
		},
		Time: created, Credential: clientbook.CredentialID{1, 2, 3, 4, 5, 6, 7, 8}, Dialect: "test", Action: clientbook.ActionCreate,
	}
	return d.finish(nil, edit)
}

func (d *draft) finish(before *state, edit func(*draft)) *state {
	if edit != nil {
		edit(d)
	}
	if d.State == clientbook.StateDeleted {
		d.Action = clientbook.ActionDelete
	}
	if d.Body == nil {
		d.Body = bodyOf(d.ID, d.Client.Version, 40)
	}
	s := &state{client: d.Client, extra: d.Extra, need: d.Need, forbid: d.Forbid, before: before, head: clientbook.NewHead(&d.Client)}
	s.version = clientbook.Version{
		Client: d.ID, Number: d.Client.Version, Time: d.Time, Credential: d.Credential, Dialect: d.Dialect, Action: d.Action,
		Head: s.head.Digest, Body: d.Body, Hash: sha256.Sum256(fmt.Append(nil, d.ID, d.Client.Version, d.Time, d.Body)),
	}
	if before == nil {
		s.key = bodyOf(d.ID, 0, 60)
	} else {
		s.key = before.key
	}
	if d.State != clientbook.StateDeleted {
		s.tokens = tokensOfClient(&d.Client)
	}
	s.head.Tokens = len(s.tokens)
	s.claims = slices.Clone(d.Extra)
	if d.Number != "" {
		s.claims = append(s.claims, claimOf(clientbook.ClaimNumber, d.Number))
	}
	slices.SortFunc(s.claims, compareClaims)
	return s
}

// tokensOfClient gives the tokens of all values, in order and each once.
func tokensOfClient(c *clientbook.Client) (tokens []clientbook.Token) {
	c.EachValue(func(f clientbook.Field, key, value string) { tokens = append(tokens, tokensOfValue(f, key, value)...) })
	for _, v := range c.Values {
		tokens = append(tokens, tokensOfValue(clientbook.FieldValues, string(v.Field), v.Value)...)
	}
	slices.SortFunc(tokens, compareTokens)
	return slices.Compact(tokens)
}

// bodyOf gives n bytes that name client and version, and then look random.
func bodyOf(id clientbook.ClientID, version int64, n int) []byte {
	name := fmt.Appendf(nil, "%s version %d ", id, version)
	b := make([]byte, max(n, len(name)))
	_, _ = rand.NewChaCha8(sha256.Sum256(name)).Read(b[copy(b, name):]) // never fails
	return b[:n]
}

// tokensOfValue gives the tokens of one value, of the kinds that its field has.
func tokensOfValue(f clientbook.Field, key, value string) (tokens []clientbook.Token) {
	folded := strings.ToLower(strings.TrimSpace(value))
	put := func(k clientbook.TokenKind, part string) {
		if f.Has(k) {
			tokens = append(tokens, tokenOf(k, f, key, part))
		}
	}
	put(clientbook.ExactToken, value)
	if folded != value || f == clientbook.FieldValues {
		put(clientbook.FoldedToken, folded)
	}
	put(clientbook.MonthToken, folded[:min(len("2006-01"), len(folded))])
	if len(folded) >= 3 {
		put(clientbook.PrefixToken, folded[:3])
	}
	return tokens
}

// tokenOf gives a token whose digest is the same for each kind, so that a store that forgets the kind shows.
func tokenOf(k clientbook.TokenKind, f clientbook.Field, key, part string) clientbook.Token {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %q", f, key, part))
	sum[0] = 1 // the key's generation
	return clientbook.Token{Field: f, Kind: k, Value: [16]byte(sum[:])}
}

// exact gives the token of a value byte for byte.
func exact(f clientbook.Field, key, value string) clientbook.Token {
	return tokenOf(clientbook.ExactToken, f, key, value)
}

func claimOf(k clientbook.ClaimKind, value string) clientbook.Claim {
	sum := sha256.Sum256([]byte("claim " + value)) // the same for each kind, so that a store that forgets the kind shows
	sum[0] = 1
	return clientbook.Claim{Kind: k, Value: [16]byte(sum[:])}
}

func compareTokens(a, b clientbook.Token) int {
	return cmp.Or(cmp.Compare(a.Index(), b.Index()), slices.Compare(a.Value[:], b.Value[:]))
}

func compareClaims(a, b clientbook.Claim) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Value[:], b.Value[:]))
}

func compareTallies(a, b clientbook.Tally) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Day, b.Day))
}

func (s *state) id() clientbook.ClientID { return s.head.Client }

func (s *state) deleted() bool { return s.head.State == clientbook.StateDeleted }

func (s *state) String() string {
	return fmt.Sprintf("client %s version %d", s.id(), s.version.Number)
}

// history gives the states of the client up to s, oldest first.
func (s *state) history() []*state {
	var all []*state
	for ; s != nil; s = s.before {
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

// at gives the state of the client at an earlier version.
func (s *state) at(version int64) *state {
	for s != nil && s.version.Number > version {
		s = s.before
	}
	return s
}

// tallied gives what s counts for.
func (s *state) tallied() []clientbook.TallyKey {
	if s == nil || s.deleted() {
		return nil
	}
	keys := []clientbook.TallyKey{
		clientbook.TallyAll, clientbook.TallyOfKind(s.head.Kind), clientbook.TallyOfState(s.head.State),
	}
	for _, t := range s.tokens {
		if t.Kind == clientbook.ExactToken && t.Field.Few() {
			keys = append(keys, clientbook.TallyOf(t))
		}
	}
	return keys
}

// change gives the write that makes s out of the state before it.
func (s *state) change(book clientbook.BookID, settings int64) *clientbook.Change {
	before := s.before
	c := &clientbook.Change{Book: book, Settings: settings, Version: s.version, Head: s.head, Need: s.need, Forbid: s.forbid}
	if before == nil {
		before, c.Key = &state{}, s.key
	}
	c.Add, c.Drop = without(s.tokens, before.tokens), without(before.tokens, s.tokens)
	c.Take, c.Release = without(s.claims, before.claims), without(before.claims, s.claims)
	deltas := map[clientbook.TallyKey]int64{}
	for _, k := range s.tallied() {
		deltas[k]++
	}
	for _, k := range s.before.tallied() {
		deltas[k]--
	}
	for _, k := range slices.Sorted(maps.Keys(deltas)) {
		if deltas[k] != 0 {
			c.Tallies = append(c.Tallies, clientbook.Tally{Key: k, Day: clientbook.DayOf(s.head.Created), Count: deltas[k]})
		}
	}
	return c
}

func without[E comparable](all, these []E) []E {
	return slices.DeleteFunc(slices.Clone(all), func(e E) bool { return slices.Contains(these, e) })
}
