package book

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"clientbook"
)

// A survey is what the clients of a book hold that a change of settings touches. It is made in slices while the book is in use; the
// transaction that changes the settings looks again at who was written meanwhile.
type survey struct {
	old, next *openBook
	concerns  concerns
	began     int64 // the position at which it began
	clients   map[clientbook.ClientID]*holding
}

// concerns says what a change of settings makes doubtful; each reason names definitions by section and key.
type concerns struct {
	gone   map[use]string // definitions that are removed, with their ids
	anew   map[use]string // those that may not suit any more what clients have: custom fields, client types, ID document templates
	claims bool           // who claims what
}

// A use is something that a client holds.
type use struct {
	section string
	key     clientbook.DefinitionKey
}

// A holding is what one client holds of what a survey is about.
type holding struct {
	created    time.Time
	uses       []use
	broken     []use // definitions that would not suit any more what the client has
	drop, take []claimed
}

func concernsOf(old, next *clientbook.Settings) concerns {
	c := concerns{gone: map[use]string{}, anew: map[use]string{}}
	gone(&c, "clientTypes", old.ClientTypes, func(t *clientbook.ClientType) *clientbook.Definition { return &t.Definition }, next.ClientTypes)
	gone(&c, "branches", old.Branches, func(t *clientbook.Branch) *clientbook.Definition { return &t.Definition }, next.Branches)
	gone(&c, "centres", old.Centres, func(t *clientbook.Centre) *clientbook.Definition { return &t.Definition }, next.Centres)
	gone(&c, "users", old.Users, func(t *clientbook.User) *clientbook.Definition { return &t.Definition }, next.Users)
	gone(&c, "idDocumentTemplates", old.IDDocumentTemplates, func(t *clientbook.IDDocumentTemplate) *clientbook.Definition { return &t.Definition }, next.IDDocumentTemplates)
	for i := range old.ClientTypes {
		t := &old.ClientTypes[i]
		if now := next.ClientType(string(t.Key)); now != nil && now.Group && !t.Group {
			c.anew[use{"clientTypes", t.Key}] = t.ID
		}
	}
	for i := range old.IDDocumentTemplates {
		t := &old.IDDocumentTemplates[i]
		if now := next.IDDocumentTemplate(string(t.Key)); now != nil && narrower(t, now) {
			c.anew[use{"idDocumentTemplates", t.Key}] = t.ID
		}
	}
	c.claims = !reflect.DeepEqual(old.Duplicates, next.Duplicates)
	for i := range old.CustomFieldSets {
		for j := range old.CustomFieldSets[i].Fields {
			c.field(&old.CustomFieldSets[i], &old.CustomFieldSets[i].Fields[j], next)
		}
	}
	for i := range next.CustomFieldSets {
		for j := range next.CustomFieldSets[i].Fields {
			f := &next.CustomFieldSets[i].Fields[j]
			if was, _ := old.CustomField(string(f.Key)); was != nil {
				c.claims = c.claims || was.Unique != f.Unique
			}
		}
	}
	return c
}

// gone notes the definitions of a section that the next settings don't have.
func gone[D any](c *concerns, section string, old []D, of func(*D) *clientbook.Definition, next []D) {
	for i := range old {
		d := of(&old[i])
		if !slices.ContainsFunc(next, func(x D) bool { return of(&x).Key == d.Key }) {
			c.gone[use{section, d.Key}] = d.ID
		}
	}
}

// field notes a custom field that is removed, or that may not take the values that clients have.
func (c *concerns) field(set *clientbook.CustomFieldSet, f *clientbook.CustomField, next *clientbook.Settings) {
	now, in := next.CustomField(string(f.Key))
	if now == nil {
		c.gone[use{"customFields", f.Key}] = f.ID
		return
	}
	if now.Type != f.Type || f.Long && !now.Long || now.Pattern != f.Pattern && now.Pattern != "" || in.Grouped != set.Grouped ||
		now.Parent != f.Parent && now.Parent != "" || fewerOptions(f.Options, now.Options) || fewer(f.ClientTypes, now.ClientTypes) {
		c.anew[use{"customFields", f.Key}] = f.ID
	}
}

// fewer says whether now has not all that was has, where none of them means all there are.
func fewer[E comparable](was, now []E) bool {
	return len(now) > 0 && (len(was) == 0 || slices.ContainsFunc(was, func(x E) bool { return !slices.Contains(now, x) }))
}

// fewerOptions says whether an option is gone, or goes with fewer values of the parent field.
func fewerOptions(was, now []clientbook.FieldOption) bool {
	return slices.ContainsFunc(was, func(x clientbook.FieldOption) bool {
		i := slices.IndexFunc(now, func(y clientbook.FieldOption) bool { return y.Value == x.Value })
		return i < 0 || fewer(x.Parents, now[i].Parents)
	})
}

// narrower says whether documents that fit the template as it was may not fit it now.
func narrower(was, now *clientbook.IDDocumentTemplate) bool {
	return now.Name != was.Name || now.Mask != was.Mask && now.Mask != "" || now.IssuingAuthority != was.IssuingAuthority && now.IssuingAuthority != ""
}

func (c *concerns) none() bool { return len(c.gone) == 0 && len(c.anew) == 0 && !c.claims }

// survey looks at all clients of a book, if the change from old to next concerns any.
func (b *Books) survey(ctx context.Context, old, next *openBook) (*survey, error) {
	s := &survey{old: old, next: next, concerns: concernsOf(old.settings, next.settings), clients: map[clientbook.ClientID]*holding{}}
	if s.concerns.none() {
		return s, nil
	}
	var after clientbook.ClientID
	for first, more := true, true; more; first = false {
		if err := b.store.View(ctx, func(r clientbook.Reader) error {
			if first {
				row, err := r.Book(old.id)
				if err != nil {
					return err
				}
				s.began = row.Position
			}
			more = false
			var ids []clientbook.ClientID
			if err := r.Heads(old.id, after, headsAtOnce, func(h *clientbook.Head) error {
				ids, after, more = append(ids, h.Client), h.Client, true
				return nil
			}); err != nil {
				return err
			}
			return s.look(r, ids)
		}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// look notes what clients hold, whatever was noted before.
func (s *survey) look(r clientbook.Reader, ids []clientbook.ClientID) error {
	for _, id := range ids {
		st, err := r.Current(s.old.id, id)
		if err != nil {
			return err
		}
		delete(s.clients, id)
		if st.Action == clientbook.ActionDelete {
			continue
		}
		c, _, err := s.old.opened(&st)
		if err != nil {
			return err
		}
		if h := s.holding(c); h != nil {
			s.clients[id] = h
		}
	}
	return nil
}

// holding gives what a client holds, nil if that is nothing that matters.
func (s *survey) holding(c *clientbook.Client) *holding {
	h := &holding{created: c.Created}
	uses := func(section string, key clientbook.DefinitionKey) {
		u := use{section, key}
		if _, concerned := s.concerns.gone[u]; concerned && key != "" && !slices.Contains(h.uses, u) {
			h.uses = append(h.uses, u)
		}
	}
	suits := func(section string, key clientbook.DefinitionKey, do func() bool) {
		u := use{section, key}
		if _, concerned := s.concerns.anew[u]; concerned && !slices.Contains(h.broken, u) && !do() {
			h.broken = append(h.broken, u)
		}
	}
	uses("clientTypes", c.ClientType)
	suits("clientTypes", c.ClientType, func() bool { return false })
	uses("branches", c.Branch)
	uses("centres", c.Centre)
	uses("users", c.User)
	for i := range c.Comments {
		uses("users", c.Comments[i].User)
	}
	for i := range c.IDDocuments {
		d := &c.IDDocuments[i]
		uses("idDocumentTemplates", d.Template)
		suits("idDocumentTemplates", d.Template, func() bool { return s.next.settings.IDDocumentTemplate(string(d.Template)).Takes(d) })
	}
	for i := range c.Values {
		x := &c.Values[i]
		uses("customFields", x.Field)
		if f, _ := s.old.settings.CustomField(string(x.Field)); f != nil && f.Type == clientbook.UserLinkField {
			uses("users", clientbook.DefinitionKey(x.Value))
		}
		suits("customFields", x.Field, func() bool { return s.takes(x, c) })
	}
	if s.concerns.claims {
		was, is := s.old.claims(c), s.next.claims(c)
		h.drop = slices.DeleteFunc(slices.Clone(was), func(x claimed) bool { return slices.Contains(is, x) })
		h.take = slices.DeleteFunc(is, func(x claimed) bool { return slices.Contains(was, x) })
	}
	if len(h.uses)+len(h.broken)+len(h.drop)+len(h.take) == 0 {
		return nil
	}
	return h
}

// takes says whether the next settings could hold a value of c. A field's type can't change while there are values.
func (s *survey) takes(x *clientbook.FieldValue, c *clientbook.Client) bool {
	was, _ := s.old.settings.CustomField(string(x.Field))
	f, set := s.next.settings.CustomField(string(x.Field))
	return f.Type == was.Type && f.Takes(x, set) && f.AvailableTo(c.ClientType) && f.Allows(x, c.Values)
}

// finish looks again at who was written since the survey began, notes the problems, and gives and takes claims.
func (s *survey) finish(tx clientbook.Tx, report *SettingsReport) error {
	if s.concerns.none() {
		return nil
	}
	if err := s.catchUp(tx); err != nil {
		return err
	}
	uses, broken := map[use]int{}, map[use]int{}
	for _, h := range s.clients {
		for _, u := range h.uses {
			uses[u]++
		}
		for _, u := range h.broken {
			broken[u]++
		}
	}
	problem := func(section, id, format string, args ...any) {
		report.Problems = append(report.Problems, SettingsProblem{section, id, fmt.Sprintf(format, args...)})
	}
	for u, n := range uses {
		problem(u.section, s.concerns.gone[u], "%s can't be removed: %s", s.concerns.gone[u], inUse(n))
	}
	for u, n := range broken {
		switch id := s.concerns.anew[u]; u.section {
		case "clientTypes":
			problem(u.section, id, "%s can't be for groups: %s", id, inUse(n))
		case "idDocumentTemplates":
			problem(u.section, id, "%s can't be defined like this: the documents of %s do not suit it", id, clients(n))
		default:
			problem(u.section, id, "%s can't be defined like this: the values of %s do not suit it", id, clients(n))
		}
	}
	shared, err := s.reclaim(tx)
	if err != nil {
		return err
	}
	for _, x := range shared {
		if x.kind == clientbook.ClaimFieldValue {
			problem("customFields", x.id, "can't be unique: %s", haveShared(x.clients))
			continue
		}
		report.Notes = append(report.Notes, fmt.Sprintf("duplicates.rules: %s: %s", x.id, areLike(x.clients)))
	}
	slices.SortFunc(report.Problems, func(a, b SettingsProblem) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	return nil
}

func clients(n int) string {
	if n == 1 {
		return "1 client"
	}
	return fmt.Sprintf("%d clients", n)
}

func haveShared(n int) string {
	if n == 1 {
		return "1 client has a value that an older one has"
	}
	return fmt.Sprintf("%d clients have values that older ones have", n)
}

func areLike(n int) string {
	if n == 1 {
		return "1 client that is like an older one stays as it is"
	}
	return fmt.Sprintf("%d clients that are like an older one stay as they are", n)
}

func inUse(n int) string {
	if n == 1 {
		return "1 client uses it"
	}
	return fmt.Sprintf("%d clients use it", n)
}

// catchUp looks again at the clients that were written since the survey began. Nobody writes meanwhile.
func (s *survey) catchUp(tx clientbook.Tx) error {
	at := s.began
	for {
		var ids []clientbook.ClientID
		if err := tx.Feed(s.old.id, at, positionsAtOnce, func(e clientbook.FeedEntry) error {
			at = e.Position
			ids = append(ids, e.Client)
			return nil
		}); err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		if err := s.look(tx, ids); err != nil {
			return err
		}
	}
}

// A sharing says how many clients have a value that an older one claims.
type sharing struct {
	kind    clientbook.ClaimKind
	id      string // of the field, or the rule
	clients int
	last    clientbook.ClientID // who was counted last: a client may share several values
}

// reclaim drops the claims that the old settings made and gives those of the next: of several clients with one value to the oldest.
func (s *survey) reclaim(tx clientbook.Tx) ([]sharing, error) {
	type holder struct {
		id clientbook.ClientID
		*holding
	}
	order := make([]holder, 0, len(s.clients))
	for id, h := range s.clients {
		order = append(order, holder{id, h})
	}
	slices.SortFunc(order, func(a, b holder) int {
		return cmp.Or(a.created.Compare(b.created), slices.Compare(a.id[:], b.id[:]))
	})
	for _, h := range order {
		for _, x := range h.drop {
			if err := tx.DropClaim(s.old.id, s.old.claim(x), h.id); err != nil {
				return nil, err
			}
		}
	}
	var shared []sharing
	for _, h := range order {
		for _, x := range h.take {
			held, err := tx.AddClaim(s.old.id, s.next.claim(x), h.id)
			if err != nil {
				return nil, err
			}
			if held {
				continue
			}
			id := s.subject(x)
			i := slices.IndexFunc(shared, func(y sharing) bool { return y.kind == x.kind && y.id == id })
			if i < 0 {
				i, shared = len(shared), append(shared, sharing{kind: x.kind, id: id})
			}
			if y := &shared[i]; y.last != h.id {
				y.clients, y.last = y.clients+1, h.id
			}
		}
	}
	return shared, nil
}

// subject names the field or rule of a claim.
func (s *survey) subject(x claimed) string {
	if x.kind == clientbook.ClaimFieldValue {
		key, _, _ := strings.Cut(x.text, "\x00")
		if f, _ := s.next.settings.CustomField(key); f != nil {
			return f.ID
		}
		return key
	}
	return string(ruleOf[x.kind])
}
