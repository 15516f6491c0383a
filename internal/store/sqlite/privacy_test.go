package sqlite

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/vault"
)

// A class says why a column may stand in a stolen file. There is none for personal data in the clear.
type class string

const (
	idClass     class = "id"                                       // made by us: random, or of a time and random
	numberClass class = "number, version, position, time or count" // an integer
	wordClass   class = "kind, state, dialect, action or outcome"  // one of few words of ours
	keyClass    class = "key of a definition"
	nameClass   class = "name of a book"
	digestClass class = "digest" // keyed, or of clear columns or random bytes
	tokenClass  class = "token"  // keyed digest of a value
	sealedClass class = "sealed or wrapped"
)

// classes is the list of every column. A new column is added here once it is known that nothing personal stands in it in the clear.
var classes = map[string]map[class]string{
	"keeper":     {idClass: "keeper", wordClass: "kind", sealedClass: "wrapped", numberClass: "created"},
	"book":       {idClass: "book", nameClass: "name", wordClass: "mode", numberClass: "created settings position indexed", sealedClass: "sealing tokens chain"},
	"credential": {idClass: "credential book", digestClass: "hash", numberClass: "created revoked"},
	"definition": {idClass: "book", numberClass: "settings", wordClass: "kind", keyClass: "key", sealedClass: "sealed"},
	"client": {idClass: "book client", numberClass: "version present metadata tokens created updated approved activated closed live", wordClass: "kind state",
		keyClass: "type branch centre user", digestClass: "digest"},
	"version":  {idClass: "book client credential", numberClass: "version time", wordClass: "dialect action", digestClass: "head hash", sealedClass: "body"},
	"key":      {idClass: "book client", sealedClass: "wrapped"},
	"token":    {idClass: "book client", numberClass: "field created", tokenClass: "value"},
	"claim":    {idClass: "book client", numberClass: "kind", tokenClass: "value"},
	"feed":     {idClass: "book client", numberClass: "position version"},
	"tally":    {idClass: "book", tokenClass: "what", numberClass: "day count"},
	"answer":   {idClass: "book client", digestClass: "digest request", numberClass: "version status created", sealedClass: "body"},
	"message":  {idClass: "book message client", numberClass: "position created due leased sent attempts", keyClass: "template", wordClass: "channel state outcome", sealedClass: "sealed"},
	"delivery": {idClass: "book delivery client webhook", numberClass: "position created due leased attempts", wordClass: "event state outcome", sealedClass: "sealed"},
	"cursor":   {idClass: "book", wordClass: "follower", numberClass: "position"},
	"seal":     {idClass: "book", numberClass: "position time", digestClass: "hash signature"},
	"read_log": {idClass: "book entry client credential", numberClass: "time", wordClass: "dialect action", sealedClass: "sealed"},
	"erasure":  {idClass: "book client", numberClass: "time"},
}

// classOf gives the classes of a table's columns.
func classOf(table string) map[string]class {
	of := map[string]class{}
	for c, columns := range classes[table] {
		for name := range strings.FieldsSeq(columns) {
			of[name] = c
		}
	}
	return of
}

// TestEveryColumnIsClassified fails for a column that is not on the list, and for a list that names what is no longer there.
func TestEveryColumnIsClassified(t *testing.T) {
	s := fresh(t, Options{})
	there := columns(t, s)
	for table, names := range there {
		of := classOf(table)
		for _, name := range names {
			if of[name] == "" {
				t.Errorf("column %s.%s has no class: say in classes why it may stand in a stolen file", table, name)
			}
		}
	}
	for table := range classes {
		for name := range classOf(table) {
			if !slices.Contains(there[table], name) {
				t.Errorf("classes names %s.%s, which is not in the schema", table, name)
			}
		}
	}
}

// columns gives all columns of all tables, generated ones too.
func columns(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	read(t, s, `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
		func(st stmt) { found[st.ColumnText(0)] = append(found[st.ColumnText(0)], st.ColumnText(1)) })
	var views int
	read(t, s, `SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index')`, func(st stmt) { views = int(st.ColumnInt64(0)) })
	if len(found) == 0 || views > 0 {
		t.Fatalf("%d tables, %d views and triggers: this test knows tables only", len(found), views)
	}
	return found
}

// secrets are values that clients of this test have; each client has them with its number behind.
var secrets = []string{"zaphira.quillmoor@example.com", "+44 7700 918273", "EXT-Qx82", "Zaphirandra", "Quillmoorey", "987-65-4329", "Vexlorium Works", "REG-00918", "favourite-dragon", "Smaugwell", "member-Jorvandel"}

// TestColumnsHoldWhatTheirClassSays fills a store through the book and looks at every value of every table.
func TestColumnsHoldWhatTheirClassSays(t *testing.T) {
	s := fresh(t, Options{})
	fillThroughBook(t, s, 60)
	forbidden := map[string][]byte{}
	for _, v := range secrets {
		forbidden[v] = []byte(strings.ToLower(v))
		sum := sha256.Sum256([]byte(v))
		forbidden["SHA-256 of "+v] = sum[:8]
		forbidden["SHA-256 of "+v+" in hex"] = []byte(hex.EncodeToString(sum[:8]))
	}
	filled := 0
	for table, names := range columns(t, s) {
		of := classOf(table)
		for _, name := range names {
			values := [][]byte{}
			read(t, s, fmt.Sprintf("SELECT %q FROM %q", name, table), func(st stmt) {
				b := blob(st, 0)
				values = append(values, b)
				if !of[name].fits(st) {
					t.Errorf("%s.%s is %q, of type %v, which is no %s", table, name, b, st.ColumnType(0), of[name])
				}
				for what, text := range forbidden {
					if bytes.Contains(b, text) || bytes.Contains(bytes.ToLower(b), text) {
						t.Errorf("%s.%s holds %s", table, name, what)
					}
				}
			})
			if len(values) > 0 {
				filled++
			}
			if c := of[name]; c == sealedClass || c == digestClass {
				looksRandom(t, table+"."+name, values, c == sealedClass)
			}
		}
	}
	if filled < 50 {
		t.Errorf("%d columns had values; the book fills more", filled)
	}
}

var (
	wordForm = regexp.MustCompile(`^[a-z][a-z_.]{0,23}$`)
	keyForm  = regexp.MustCompile(`^[A-Za-z0-9_.-]{0,64}$`)
	nameForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	hexForm  = regexp.MustCompile(`^[0-9a-f]{8,32}$`)
)

// fits says whether a value has the form of its class.
func (c class) fits(st stmt) bool {
	kind, length, text := st.ColumnType(0), st.ColumnLen(0), st.ColumnText(0)
	isBlob := kind == sqlite.TypeBlob
	switch c {
	case idClass:
		return kind == sqlite.TypeInteger || isBlob && (length == 8 || length == 12 || length == 16) || kind == sqlite.TypeText && hexForm.MatchString(text)
	case numberClass:
		return kind == sqlite.TypeInteger
	case wordClass:
		return kind == sqlite.TypeInteger || kind == sqlite.TypeText && wordForm.MatchString(text)
	case keyClass:
		return kind == sqlite.TypeText && keyForm.MatchString(text)
	case nameClass:
		return kind == sqlite.TypeText && nameForm.MatchString(text)
	case digestClass:
		return isBlob && (length == 16 || length == 32 || length == 64)
	case tokenClass:
		return isBlob && length <= 20
	case sealedClass:
		return isBlob && length >= 12+16 // nonce and tag of AES-GCM
	}
	return false
}

// looksRandom looks at what follows the values' common beginning, a number of a key perhaps: all byte values as often as chance has
// it, and no sixteen bytes twice.
func looksRandom(t *testing.T, column string, values [][]byte, unique bool) {
	t.Helper()
	if len(values) < 2 {
		return
	}
	prefix := len(values[0])
	for _, v := range values[1:] {
		n := 0
		for n < min(prefix, len(v)) && v[n] == values[0][n] {
			n++
		}
		prefix = n
	}
	if prefix > 8 {
		t.Errorf("%s: all values begin with the same %d bytes", column, prefix)
	}
	var counts [256]float64
	var total float64
	seen := map[[16]byte]bool{}
	for _, v := range values {
		v = v[prefix:]
		for _, b := range v {
			counts[b]++
			total++
		}
		for i := 0; unique && i+16 <= len(v); i++ {
			if block := [16]byte(v[i:]); seen[block] {
				t.Fatalf("%s: the same sixteen bytes twice", column)
			} else {
				seen[block] = true
			}
		}
	}
	entropy := 0.0
	for _, n := range counts {
		if n > 0 {
			entropy -= n / total * math.Log2(n/total)
		}
	}
	// Random bytes lose about 255/(2 n ln 2) bits to chance; text has 5, and what serialises it 6.
	if want := 8 - 3*255/(2*total*math.Ln2) - 0.02; total >= 1024 && entropy < want {
		t.Errorf("%s: %.0f bytes have %.3f bits each, random ones have more than %.3f", column, total, entropy, want)
	}
}

// fillThroughBook makes n clients with versions, some of them deleted, in two books that have the same clients.
func fillThroughBook(t *testing.T, s *Store, n int) {
	t.Helper()
	ctx := t.Context()
	root, err := vault.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	b := book.New(s, root, book.Options{})
	for _, name := range []string{"alpha", "beta"} {
		key, err := b.CreateKey(ctx, name, clientbook.ModeTest)
		if err != nil {
			t.Fatal(err)
		}
		caller, err := b.Authenticate(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		caller.Dialect = "test"
		for i := range n {
			caller.Claim = fmt.Sprintf("member-Jorvandel %d", i%3)
			c, err := b.CreateClient(ctx, caller, secretClient(i))
			if err == nil && i%3 == 0 {
				_, err = b.UpdateClient(ctx, caller, c.ID, &clientbook.ClientUpdate{Email: new(fmt.Sprintf("other.zaphira.quillmoor@example.com%d", i))})
			}
			if err == nil && i%7 == 6 {
				err = b.DeleteClient(ctx, caller, c.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func secretClient(i int) *clientbook.ClientUpdate {
	value := func(j int) *string { return new(fmt.Sprintf("%s %d", secrets[j], i)) }
	u := &clientbook.ClientUpdate{
		Kind: new(clientbook.PersonKind), Email: value(0), Mobile: value(1), ExternalID: value(2), LastActionBy: value(10),
		Person:   &clientbook.PersonUpdate{FirstName: value(3), LastName: value(4), SSN: value(5), Gender: new(clientbook.Gender("female"))},
		Metadata: &clientbook.Metadata{{Key: *value(8), Value: *value(9)}, {Key: secrets[8], Value: secrets[9]}},
	}
	if i%4 == 3 {
		u.Kind, u.Person, u.Company = new(clientbook.CompanyKind), nil, &clientbook.CompanyUpdate{Name: value(6), RegistrationNumber: value(7)}
	}
	return u
}
