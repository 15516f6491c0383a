package book

import (
	"context"

	"clientbook"
)

// A ClientFilter chooses clients of a book; every criterion must hold. Its zero value chooses all.
type ClientFilter struct {
	Kind             clientbook.ClientKind // 0: any
	State            clientbook.State      // 0: any
	Values           []FieldValue
	Created, Updated clientbook.Window
	Ascending        bool // the oldest first
	NoTotal          bool // the page's total is not wanted
	None             bool // chooses nothing, whatever else it says
}

// A FieldValue is the value that a field must have, byte for byte.
type FieldValue struct {
	Field clientbook.Field
	Key   string // the metadata key, "" for every other field
	Value string
}

// A ClientPage is one page of a list, and how many clients the whole list has.
type ClientPage struct {
	Clients []*clientbook.Client
	Total   int64
}

// maxPageBytes is how many bytes the sealed records of one page may have. A thousand ordinary clients have an eighth of it; as many of the
// largest would take a gigabyte of memory, opened and written out.
const maxPageBytes = 8 << 20

var pageTooBig = &clientbook.Error{Kind: clientbook.KindInvalid, Reason: clientbook.ReasonPageTooBig}

// A filling is a page that is being read.
type filling struct {
	ClientPage
	bytes int // of its sealed records
}

// add opens a client onto the page, unless the page would be too big.
func (f *filling) add(ob *openBook, st *clientbook.Stored) error {
	if f.bytes += len(st.Body); f.bytes > maxPageBytes {
		return pageTooBig
	}
	c, _, err := ob.opened(st)
	f.Clients = append(f.Clients, c)
	return err
}

// ListClients gives up to limit clients of the caller's book after the first offset, the newest first; of two created at the same time
// the one with the larger id. KindInvalid with ReasonPageTooBig if they are too large for one page.
func (b *Books) ListClients(ctx context.Context, caller clientbook.Caller, f ClientFilter, offset, limit int64) (ClientPage, error) {
	ob, err := b.book(ctx, caller.Book)
	if err != nil {
		return ClientPage{}, err
	}
	q, some := ob.query(f)
	if !some {
		return ClientPage{}, nil
	}
	var page filling
	err = b.store.View(ctx, func(r clientbook.Reader) error {
		page = filling{ClientPage: ClientPage{Clients: make([]*clientbook.Client, 0, min(limit, 50))}}
		err := r.Page(caller.Book, q, offset, limit, func(st *clientbook.Stored) error { return page.add(ob, st) })
		if err != nil {
			return err
		}
		if f.NoTotal {
			return nil
		}
		if n := int64(len(page.Clients)); n < limit && (n > 0 || offset == 0) { // the page is the last one
			page.Total = offset + n
			return nil
		}
		page.Total, err = r.Count(caller.Book, q)
		return err
	})
	return page.ClientPage, err
}

// query gives the filter in tokens; false if nothing can match.
func (ob *openBook) query(f ClientFilter) (q clientbook.ClientQuery, some bool) {
	q = clientbook.ClientQuery{
		Kind: f.Kind, Created: f.Created, Updated: f.Updated, Ascending: f.Ascending,
	}
	if f.State != 0 {
		q.States = []clientbook.State{f.State}
	}
	type slot struct {
		field clientbook.Field
		key   string
	}
	given := make(map[slot]string, len(f.Values))
	for _, v := range f.Values {
		s := slot{v.Field, v.Key}
		before, twice := given[s]
		if f.None || v.Value == "" && v.Field != clientbook.FieldMetadata || !v.Field.Exact() || twice && before != v.Value {
			return q, false
		}
		if !twice {
			given[s] = v.Value
			q.Tokens = append(q.Tokens, ob.vault.Token(v.Field, clientbook.ExactToken, v.Key, v.Value))
		}
	}
	return q, !f.None && len(q.Tokens) <= maxFilters
}

// maxFilters is more than a client has different values: every field once, and as many metadata keys as any setting allows.
const maxFilters = 100
