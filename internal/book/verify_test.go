package book_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/store/sqlite"
	"clientbook/internal/vault"

	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// history fills a book with clients that were made, changed and deleted.
func history(t *testing.T, b *book.Books, caller clientbook.Caller) {
	t.Helper()
	for n := range 12 {
		c, err := b.CreateClient(t.Context(), caller, ordinary(n))
		if err == nil && n%2 == 0 {
			_, err = b.UpdateClient(t.Context(), caller, c.ID, &clientbook.ClientUpdate{Mobile: new("+43 1"), Metadata: &clientbook.Metadata{}})
		}
		if err == nil && n%4 == 0 {
			err = b.DeleteClient(t.Context(), caller, c.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestVerifyFindsEachBreak(t *testing.T) {
	const (
		anyLive = `(SELECT client FROM client WHERE live = 1 AND version = 1 ORDER BY client LIMIT 1)`
		changed = `(SELECT client FROM client WHERE live = 1 AND version = 2 ORDER BY client LIMIT 1)`
	)
	for _, x := range []struct{ name, sql, want string }{
		{"body", `UPDATE version SET body = zeroblob(length(body)) WHERE version = 1 AND client = ` + changed, "version 1: the version was altered"},
		{"time", `UPDATE version SET time = time + 1 WHERE version = 2 AND client = ` + changed, "version 2: the version was altered"},
		{"credential", `UPDATE version SET credential = zeroblob(8) WHERE client = ` + anyLive, "the version was altered"},
		{"dialect", `UPDATE version SET dialect = 'x' WHERE client = ` + anyLive, "the version was altered"},
		{"action", `UPDATE version SET action = 'create' WHERE version = 2 AND client = ` + changed, "the version was altered"},
		{"hash", `UPDATE version SET hash = zeroblob(32) WHERE client = ` + anyLive, "the version was altered"},
		{"version removed", `DELETE FROM version WHERE version = 1 AND client = ` + changed, "version 1: the version is missing"},
		{"last version removed", `DELETE FROM version WHERE version = 2 AND client = ` + changed, "the last version is 1"},
		{"versions swapped", `UPDATE version SET body = (SELECT body FROM version w WHERE w.client <> version.client LIMIT 1) WHERE client = ` + anyLive, "the version was altered"},
		{"head state", `UPDATE client SET state = 3 WHERE client = ` + anyLive, "the head does not have its digest"},
		{"head digest", `UPDATE client SET digest = zeroblob(16) WHERE client = ` + anyLive, "the head does not have its digest"},
		{"client removed", `DELETE FROM client WHERE client = ` + anyLive, "the positions are not those of the versions"},
		{"client wholly removed", `DELETE FROM version WHERE client = ` + anyLive + `; DELETE FROM client WHERE client = ` + anyLive, "versions and"},
		{"position removed", `DELETE FROM feed WHERE position = 3`, "position 3 is missing"},
		{"position doubled", `UPDATE feed SET client = (SELECT client FROM feed WHERE position = 1), version = 1 WHERE position = 2`, "the positions are not those of the versions"},
		{"deep: token removed", `DELETE FROM token WHERE field = 2 AND client = ` + anyLive, "a token of email is missing"},
		{"deep: token altered", `UPDATE token SET value = zeroblob(16) WHERE field = 8 AND client = ` + anyLive, "a token of person.first_name is missing"},
		{"deep: token added", `INSERT INTO token SELECT book, field, zeroblob(16), created, client FROM token WHERE field = 3 LIMIT 1`, "tokens where the records have"},
		{"deep: claim removed", `DELETE FROM claim WHERE client = ` + anyLive, "the claim to its number is missing"},
		{"deep: claim added", `INSERT INTO claim SELECT book, kind, zeroblob(16), client FROM claim LIMIT 1`, "claims of number for"},
		{"deep: tally", `UPDATE tally SET count = count + 1 WHERE what = x'00'`, "the tallies of all clients"},
		{"deep: tally of a value", `DELETE FROM tally WHERE length(what) > 2`, "the tallies of person.gender"},
		{"deep: key removed", `DELETE FROM key WHERE client = ` + anyLive, "the client has no data key"},
		{"deep: key of another", `UPDATE key SET wrapped = (SELECT wrapped FROM key k WHERE k.client <> key.client LIMIT 1) WHERE client = ` + anyLive, "the record does not open"},
	} {
		t.Run(x.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "clientbook.db")
			root, err := vault.NewRoot()
			if err != nil {
				t.Fatal(err)
			}
			with := func(do func(*book.Books)) {
				store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer store.Close()
				do(book.New(store, root, book.Options{}))
			}
			deep := strings.HasPrefix(x.name, "deep")
			with(func(b *book.Books) {
				key, err := b.CreateKey(t.Context(), "alpha", clientbook.ModeTest)
				if err != nil {
					t.Fatal(err)
				}
				caller, err := b.Authenticate(t.Context(), key)
				if err != nil {
					t.Fatal(err)
				}
				history(t, b, caller)
				if _, err := b.Verify(t.Context(), book.VerifyOptions{Deep: true}); err != nil {
					t.Fatalf("before anything was touched: %v", err)
				}
			})
			c, err := driver.OpenConn(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(sqlitex.ExecuteScript(c, x.sql+";", nil), c.Close()); err != nil {
				t.Fatal(err)
			}
			with(func(b *book.Books) {
				if _, err := b.Verify(t.Context(), book.VerifyOptions{}); deep && err != nil {
					t.Errorf("the shallow verification found %v", err)
				}
				_, err := b.Verify(t.Context(), book.VerifyOptions{Deep: deep})
				if _, ok := errors.AsType[*book.Break](err); !ok || !strings.Contains(err.Error(), x.want) {
					t.Errorf("got %v, want a break that says %q", err, x.want)
				}
			})
		})
	}
}

func TestVerifyWhileWriting(t *testing.T) {
	b, _, caller := open(t, book.Options{})
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		var err error
		var ids []clientbook.ClientID
		for n := 0; err == nil; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			var c *clientbook.Client
			if c, err = b.CreateClient(t.Context(), caller, ordinary(n)); err != nil {
				break
			}
			ids = append(ids, c.ID)
			_, err = b.UpdateClient(t.Context(), caller, ids[n/2], &clientbook.ClientUpdate{Mobile: new("+1" + c.Number)})
			if err == nil && n%5 == 4 {
				err = b.DeleteClient(t.Context(), caller, ids[n])
				ids[n] = ids[0]
			}
		}
		done <- err
	}()
	for range 20 {
		if _, err := b.Verify(t.Context(), book.VerifyOptions{Deep: true}); err != nil {
			t.Errorf("verify beside a writer: %v", err)
			break
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
