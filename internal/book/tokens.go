package book

import (
	"cmp"
	"slices"

	"clientbook"
)

// A value is one value that can be asked for.
type value struct {
	field clientbook.Field
	key   string // the metadata key, or the key of the custom field
	text  string
}

func (v value) compare(w value) int {
	return cmp.Or(cmp.Compare(v.field, w.field), cmp.Compare(v.key, w.key), cmp.Compare(v.text, w.text))
}

// values gives what can be asked for of a client, in order and each once: nothing of none and of a deleted one.
func (ob *openBook) values(c *clientbook.Client) []value {
	if c == nil || c.State == clientbook.StateDeleted {
		return nil
	}
	vs := make([]value, 0, 32)
	c.EachValue(func(f clientbook.Field, key, text string) { vs = append(vs, value{f, key, text}) })
	for i := range c.Values {
		vs = append(vs, value{clientbook.FieldValues, string(c.Values[i].Field), ob.comparable(&c.Values[i])})
	}
	if !slices.IsSortedFunc(vs, value.compare) {
		slices.SortFunc(vs, value.compare)
	}
	return slices.Compact(vs)
}

// comparable gives the text by which a custom field's value is compared.
func (ob *openBook) comparable(x *clientbook.FieldValue) string {
	if f, _ := ob.settings.CustomField(string(x.Field)); f != nil && f.Type == clientbook.NumberField {
		return canonical(x.Value)
	}
	return fold(x.Value)
}

// A source is what a token is made from.
type source struct {
	kind clientbook.TokenKind
	text string
}

// sources gives what the tokens of a value are made from.
func (v value) sources() (list [3]source, n int) {
	add := func(k clientbook.TokenKind, text string) {
		list[n] = source{k, text}
		n++
	}
	if v.field.Has(clientbook.ExactToken) {
		add(clientbook.ExactToken, v.text)
	}
	switch {
	case v.field == clientbook.FieldValues:
		add(clientbook.FoldedToken, v.text) // folded already
	case v.field.Has(clientbook.FoldedToken):
		folded := fold(v.text)
		if folded != v.text {
			add(clientbook.FoldedToken, folded)
		}
		if v.field.Has(clientbook.PrefixToken) {
			add(clientbook.PrefixToken, prefix(folded))
		}
	}
	if v.field.Has(clientbook.MonthToken) {
		add(clientbook.MonthToken, v.text[:len("2006-01")])
	}
	return list, n
}

// tokensOf calls fn with the tokens of a value.
func (ob *openBook) tokensOf(v value, fn func(clientbook.Token)) {
	list, n := v.sources()
	for _, s := range list[:n] {
		fn(ob.vault.Token(v.field, s.kind, v.key, s.text))
	}
}

// tokenCount gives the number of tokens that a client has.
func (ob *openBook) tokenCount(c *clientbook.Client) int { return tokenCount(ob.values(c)) }

func tokenCount(vs []value) (all int) {
	for i := range vs {
		_, n := vs[i].sources()
		all += n
	}
	return all
}

// retoken sets the tokens that the change drops and adds, and with them the tallies of fields that have few values. What stays the same is
// not even computed.
func (ob *openBook) retoken(c *clientbook.Change, old, next *clientbook.Client) {
	was, is := ob.values(old), ob.values(next)
	c.Head.Tokens = tokenCount(is)
	each := func(v value, list *[]clientbook.Token, n int64) {
		ob.tokensOf(v, func(t clientbook.Token) {
			if v.field.Few() {
				count(c, clientbook.TallyOf(t), n)
			}
			*list = append(*list, t)
		})
	}
	for len(was) > 0 || len(is) > 0 {
		var order int
		switch {
		case len(was) == 0:
			order = 1
		case len(is) == 0:
			order = -1
		default:
			order = was[0].compare(is[0])
		}
		if order == 0 {
			was, is = was[1:], is[1:]
			continue
		}
		if order < 0 {
			each(was[0], &c.Drop, -1)
			was = was[1:]
		} else {
			each(is[0], &c.Add, +1)
			is = is[1:]
		}
	}
	ob.settle(c)
}

// settle takes out of a change what it both drops and adds, as when only the letter case of a name changes.
func (ob *openBook) settle(c *clientbook.Change) {
	if len(c.Drop) == 0 || len(c.Add) == 0 {
		return
	}
	c.Drop = slices.DeleteFunc(c.Drop, func(t clientbook.Token) bool {
		i := slices.Index(c.Add, t)
		if i >= 0 {
			c.Add = slices.Delete(c.Add, i, i+1)
		}
		return i >= 0
	})
}
