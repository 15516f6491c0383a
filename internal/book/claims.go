package book

import (
	"slices"

	"clientbook"
)

// A claimed is what a claim is made from.
type claimed struct {
	kind clientbook.ClaimKind
	text string
}

// claims gives what a client claims under the book's settings, each once: of a deleted one its number alone.
func (ob *openBook) claims(c *clientbook.Client) []claimed {
	if c == nil {
		return nil
	}
	list := make([]claimed, 0, 4)
	claim := func(k clientbook.ClaimKind, text string) {
		if x := (claimed{k, text}); text != "" && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	claim(clientbook.ClaimNumber, c.Number)
	if c.State == clientbook.StateDeleted {
		return list
	}
	claim(clientbook.ClaimForeignKey, c.ForeignKey)
	for i := range c.Values {
		if f, _ := ob.settings.CustomField(string(c.Values[i].Field)); f != nil && f.Unique {
			claim(clientbook.ClaimFieldValue, both(string(f.Key), ob.comparable(&c.Values[i])))
		}
	}
	for _, r := range ob.settings.Duplicates.Rules {
		if c.Person != nil && ob.settings.Duplicates.Refuses(r) {
			duplicates[r](c, claim)
		}
	}
	return list
}

// both joins two texts, or gives "" if one of them is empty.
func both(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + "\x00" + b
}

func (ob *openBook) claim(x claimed) clientbook.Claim { return ob.vault.Claim(x.kind, x.text) }

// duplicates says for each rule which values of a person no other client may have.
var duplicates = map[clientbook.DuplicateRule]func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)){
	clientbook.DuplicateIDDocument: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		for i := range c.IDDocuments {
			claim(clientbook.ClaimIDDocument, fold(c.IDDocuments[i].Number))
		}
	},
	clientbook.DuplicateHomePhone: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		claim(clientbook.ClaimHomePhone, fold(c.Telephone))
	},
	clientbook.DuplicateMobilePhone: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		claim(clientbook.ClaimMobilePhone, fold(c.Mobile))
	},
	clientbook.DuplicateEmail: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		claim(clientbook.ClaimEmail, fold(c.Email))
	},
	clientbook.DuplicateName: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		claim(clientbook.ClaimName, both(fold(c.Person.FirstName), fold(c.Person.LastName)))
	},
	clientbook.DuplicateNameAndBirthDate: func(c *clientbook.Client, claim func(clientbook.ClaimKind, string)) {
		claim(clientbook.ClaimNameAndBirthDate, both(fold(c.Person.LastName), c.Person.BirthDate.String()))
	},
}

// ruleOf gives the rule that a kind of claim is made by.
var ruleOf = map[clientbook.ClaimKind]clientbook.DuplicateRule{
	clientbook.ClaimIDDocument:       clientbook.DuplicateIDDocument,
	clientbook.ClaimHomePhone:        clientbook.DuplicateHomePhone,
	clientbook.ClaimMobilePhone:      clientbook.DuplicateMobilePhone,
	clientbook.ClaimEmail:            clientbook.DuplicateEmail,
	clientbook.ClaimName:             clientbook.DuplicateName,
	clientbook.ClaimNameAndBirthDate: clientbook.DuplicateNameAndBirthDate,
}

// reclaim sets the claims that a change takes and releases.
func (ob *openBook) reclaim(c *clientbook.Change, old, next *clientbook.Client) {
	was, is := ob.claims(old), ob.claims(next)
	for _, x := range is {
		if !slices.Contains(was, x) {
			c.Take = append(c.Take, ob.claim(x))
		}
	}
	for _, x := range was {
		if !slices.Contains(is, x) {
			c.Release = append(c.Release, ob.claim(x))
		}
	}
}

// taken gives the error of a claim that another client holds, as a caller can understand it: with the custom field, if it is one's value.
func (ob *openBook) taken(e *clientbook.Error, next *clientbook.Client) *clientbook.Error {
	shown := *e
	if e.Claim.Kind != clientbook.ClaimFieldValue {
		return &shown
	}
	for i := range next.Values {
		x := &next.Values[i]
		f, _ := ob.settings.CustomField(string(x.Field))
		if f != nil && f.Unique && ob.claim(claimed{clientbook.ClaimFieldValue, both(string(f.Key), ob.comparable(x))}) == e.Claim {
			shown.Param = f.ID
		}
	}
	return &shown
}
