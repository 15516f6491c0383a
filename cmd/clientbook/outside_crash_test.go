package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// killWriters is how many write at once while the server is killed.
const killWriters = 8

// TestKilledUnderLoad kills the server at random moments while clients are created, updated and deleted. After each kill, what was
// acknowledged is there as it was acknowledged, what was refused is not, and what was under way is there whole or not at all.
// CLIENTBOOK_KILLS says how often.
func TestKilledUnderLoad(t *testing.T) {
	kills := 6
	if s := os.Getenv("CLIENTBOOK_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("CLIENTBOOK_KILLS: %v", err)
		}
		kills = n
	}
	data := t.TempDir() + "/data"
	key := newKey(t, data, "crash", "test")
	writers := make([]*crashWriter, killWriters)
	for i := range writers {
		writers[i] = &crashWriter{name: fmt.Sprintf("w%d", i), random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
	}
	var acked, unknown, came int64
	for round := range kills {
		p := serve(t, data, key)
		var wg sync.WaitGroup
		var stop atomic.Bool
		for _, w := range writers {
			wg.Go(func() { w.run(p, round, &stop) })
		}
		load := 400
		if round%10 == 9 { // long enough for the log to be copied into the file meanwhile
			load = 4000
		}
		time.Sleep(time.Duration(rand.IntN(load)) * time.Millisecond)
		if round%5 == 4 { // in the middle of a stop
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rand.IntN(15)) * time.Millisecond)
		}
		p.kill()
		stop.Store(true)
		wg.Wait()
		if round%2 == 0 {
			deep(t, data) // as the kill left it
		}
		p = serve(t, data, key)
		for _, w := range writers {
			wg.Go(func() { w.check(t, p, round == kills-1) })
		}
		wg.Wait()
		checkTotals(t, p, writers)
		if round%2 == 1 {
			deep(t, data)
		}
		if round%3 == 2 {
			p.stop()
		} else {
			p.kill()
		}
		for _, w := range writers {
			acked, unknown, came = acked+w.acked, unknown+w.unknown, came+w.came
			w.acked, w.unknown, w.came = 0, 0, 0
		}
		if t.Failed() {
			t.Fatalf("after kill %d", round+1)
		}
	}
	deep(t, data)
	t.Logf("%d kills: %d writes acknowledged; %d were under way, of which %d turned out to be there", kills, acked, unknown, came)
	if acked < int64(kills) {
		t.Errorf("%d writes acknowledged during %d rounds: too few to show anything", acked, kills)
	}
}

// TestKilledAtFirstStart kills first starts at random moments. The next start makes good what was left, and has one key file for good.
func TestKilledAtFirstStart(t *testing.T) {
	for range 10 {
		data := t.TempDir() + "/data"
		first := exec.Command("clientbook", "serve", "--data", data, "--addr", "127.0.0.1:0")
		first.Env = environment()
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		_ = first.Process.Kill() // it can't have ended
		_ = first.Wait()
		keyFile, _ := os.ReadFile(data + "/clientbook.key") // not there: killed before
		p := serve(t, data, newKey(t, data, "first", "test"))
		p.want(200, "POST", "/v1/clients", seedClient)
		if now, err := os.ReadFile(data + "/clientbook.key"); err != nil || keyFile != nil && !bytes.Equal(now, keyFile) {
			t.Errorf("the key file was replaced: %v", err)
		}
		p.stop()
		deep(t, data)
	}
}

// TestLogCutShort opens data whose log ends anywhere before its first whole frame, as a kill or a crash leaves it: such a log holds
// nothing that was acknowledged. Its index may be missing, empty or not yet filled.
func TestLogCutShort(t *testing.T) {
	data := t.TempDir() + "/data"
	key := newKey(t, data, "cut", "test")
	log, index := data+"/clientbook.db-wal", data+"/clientbook.db-shm"
	p := serve(t, data, key)
	p.want(200, "POST", "/v1/clients", seedClient)
	p.kill()
	begin, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	deep(t, data) // puts what the log holds into the database
	for _, size := range []int{0, 1, 31, 32, 33, 55, 56, 57, 1000} {
		for what, filled := range map[string][]byte{"missing": nil, "empty": {}, "of zeros": make([]byte, 32<<10)} {
			_ = os.Remove(index) // it may not be there
			err := os.WriteFile(log, begin[:size], 0o600)
			if err == nil && filled != nil {
				err = os.WriteFile(index, filled, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			out, errs, err := runProgram("verify", "--data", data, "--deep")
			if err != nil || !strings.Contains(out, "cut (test): 1 clients") {
				t.Fatalf("verify with a log of %d bytes, its index %s: %v\n%s%s", size, what, err, out, errs)
			}
		}
	}
}

// A crashClient is what its writer knows of a client.
type crashClient struct {
	id      string
	values  map[string]any // attributes as they were last acknowledged
	answer  string         // the last acknowledged answer; "" if there was none
	deleted bool
}

// A crashWrite is a write whose outcome nobody knows.
type crashWrite struct {
	client *crashClient // nil: a create
	values map[string]any
	delete bool
}

// A crashWriter makes clients and changes only those it made.
type crashWriter struct {
	name                 string
	random               *rand.Rand
	made                 int
	clients              []*crashClient
	touched              map[*crashClient]bool // in this round
	open                 *crashWrite           // the write under way when the server was killed
	refused              []string              // e-mail addresses that must not be there
	gone                 []string              // and those that were replaced or deleted
	acked, unknown, came int64
	failed               string // an answer that should not have been
	round                int
}

func (w *crashWriter) run(p *program, round int, stop *atomic.Bool) {
	w.round, w.touched, w.refused, w.gone, w.open = round, map[*crashClient]bool{}, nil, nil, nil
	for !stop.Load() {
		if !w.step(p) {
			return
		}
	}
}

// step does one write; false once the server does not answer.
func (w *crashWriter) step(p *program) bool {
	switch n := w.random.IntN(100); {
	case n < 8:
		return w.refusal(p)
	case n < 55 || len(w.clients) == 0:
		return w.create(p)
	case n < 85:
		return w.update(p)
	default:
		return w.delete(p)
	}
}

// fresh gives attributes that no other write has.
func (w *crashWriter) fresh() map[string]any {
	w.made++
	unique := fmt.Sprintf("%s.r%d.n%d", w.name, w.round, w.made)
	return map[string]any{
		"email":         unique + "@example.com",
		"mobile":        fmt.Sprintf("+44 %09d", w.random.IntN(1e9)),
		"personDetails": map[string]any{"firstName": "First " + unique, "lastName": "Last " + unique, "dob": "1990-01-02"},
		"metadata":      map[string]any{"writer": w.name, "unique": unique, "note": strings.Repeat("n", w.random.IntN(400)+1)},
	}
}

func (w *crashWriter) create(p *program) bool {
	values := w.fresh()
	values["type"] = "person"
	got, err := p.try("POST", "/v1/clients", encodeJSON(values))
	if err != nil {
		w.open = &crashWrite{values: values}
		return false
	}
	if got.status != 200 {
		return w.fail("create", got)
	}
	id, is := attributesOf(got.body)
	if !reflect.DeepEqual(is, values) {
		return w.fail("create", got)
	}
	c := &crashClient{id: id, values: values, answer: string(got.body)}
	w.clients = append(w.clients, c)
	return w.ack(c)
}

func (w *crashWriter) update(p *program) bool {
	c := w.clients[w.random.IntN(len(w.clients))]
	change := w.fresh()
	delete(change, "mobile")
	values := map[string]any{"type": "person", "mobile": c.values["mobile"]}
	maps.Copy(values, change)
	got, err := p.try("POST", "/v1/clients/"+c.id, encodeJSON(change))
	switch {
	case err != nil:
		w.touched[c] = true
		w.open = &crashWrite{client: c, values: values}
		return false
	case c.deleted && got.status == 404:
		w.refused = append(w.refused, emailOf(change))
		return true
	case c.deleted || got.status != 200:
		return w.fail("update", got)
	}
	if _, is := attributesOf(got.body); !reflect.DeepEqual(is, values) {
		return w.fail("update", got)
	}
	w.gone = append(w.gone, emailOf(c.values))
	c.values, c.answer = values, string(got.body)
	return w.ack(c)
}

func (w *crashWriter) delete(p *program) bool {
	c := w.clients[w.random.IntN(len(w.clients))]
	got, err := p.try("DELETE", "/v1/clients/"+c.id, "")
	switch {
	case err != nil:
		w.touched[c] = true
		w.open = &crashWrite{client: c, delete: true}
		return false
	case c.deleted && got.status == 404:
		return true
	case c.deleted || got.status != 204:
		return w.fail("delete", got)
	}
	w.gone = append(w.gone, emailOf(c.values))
	c.deleted = true
	return w.ack(c)
}

// refusal sends what must be refused: whatever the outcome, nothing of it may stay.
func (w *crashWriter) refusal(p *program) bool {
	values, path := w.fresh(), "/v1/clients"
	w.refused = append(w.refused, emailOf(values))
	values["joinedDate"] = "2023-02-29"
	if len(w.clients) > 0 && w.random.IntN(2) == 0 {
		c := w.clients[w.random.IntN(len(w.clients))]
		w.touched[c] = true
		path += "/" + c.id
	} else {
		values["type"] = "person"
	}
	got, err := p.try("POST", path, encodeJSON(values))
	if err == nil && got.status != 400 && got.status != 404 {
		return w.fail("what must be refused", got)
	}
	return err == nil
}

func (w *crashWriter) ack(c *crashClient) bool {
	w.touched[c] = true
	w.acked++
	return true
}

// fail notes an answer that should not have been, and ends the writer.
func (w *crashWriter) fail(what string, got reply) bool {
	w.failed = fmt.Sprintf("%s: got %d %s", what, got.status, got.body)
	return false
}

// check compares what is there with what the writer knows: the clients of this round, and a few or all of the others.
func (w *crashWriter) check(t *testing.T, p *program, all bool) {
	if w.failed != "" {
		t.Errorf("%s: %s", w.name, w.failed)
	}
	w.settle(t, p)
	for _, c := range w.clients {
		if !all && !w.touched[c] && w.random.IntN(20) > 0 {
			continue
		}
		got, err := p.try("GET", "/v1/clients/"+c.id, "")
		switch {
		case err != nil:
			t.Errorf("read client %s: %v", c.id, err)
			return
		case c.deleted && got.status != 404:
			t.Errorf("client %s, whose deletion was acknowledged: got %d %s", c.id, got.status, got.body)
		case !c.deleted && (got.status != 200 || c.answer != "" && string(got.body) != c.answer):
			t.Errorf("client %s\ngot  %d %s\nwant 200 %s", c.id, got.status, got.body, c.answer)
		}
		if w.touched[c] && !c.deleted {
			w.found(t, p, "email="+url.QueryEscape(emailOf(c.values)), c.id)
		}
	}
	for _, email := range append(w.refused, w.gone...) {
		w.found(t, p, "email="+url.QueryEscape(email))
	}
}

// settle finds out what became of the write under way: all of it, or nothing.
func (w *crashWriter) settle(t *testing.T, p *program) {
	o := w.open
	w.open = nil
	switch {
	case o == nil:
		return
	case o.client == nil:
		w.unknown++
		w.settleCreate(t, p, o)
		return
	case o.client.deleted: // it could not do anything
		return
	}
	w.unknown++
	c := o.client
	got, err := p.try("GET", "/v1/clients/"+c.id, "")
	if err != nil {
		t.Errorf("read client %s: %v", c.id, err)
		return
	}
	_, is := attributesOf(got.body)
	switch {
	case got.status == 404 && o.delete:
		w.came++
		w.gone = append(w.gone, emailOf(c.values))
		c.deleted = true
	case got.status == 200 && string(got.body) == c.answer:
		if !o.delete {
			w.refused = append(w.refused, emailOf(o.values))
		}
	case got.status == 200 && !o.delete && reflect.DeepEqual(is, o.values):
		w.came++
		w.gone = append(w.gone, emailOf(c.values))
		c.values, c.answer = o.values, string(got.body)
	default:
		t.Errorf("client %s after a write that was cut short (delete %v)\ngot  %d %s\nwant %s\nor   %s", c.id, o.delete, got.status, got.body, c.answer, encodeJSON(o.values))
	}
}

func (w *crashWriter) settleCreate(t *testing.T, p *program, o *crashWrite) {
	got, err := p.try("GET", "/v1/clients?email="+url.QueryEscape(emailOf(o.values)), "")
	var page struct{ Items []json.RawMessage }
	if err == nil {
		err = json.Unmarshal(got.body, &page)
	}
	if err != nil || len(page.Items) > 1 {
		t.Errorf("find the client whose creation was cut short: %v %s", err, got.body)
		return
	}
	if len(page.Items) == 0 {
		return
	}
	id, is := attributesOf(page.Items[0])
	if !reflect.DeepEqual(is, o.values) {
		t.Errorf("client %s, whose creation was cut short\ngot  %s\nwant %s", id, page.Items[0], encodeJSON(o.values))
	}
	w.came++
	w.clients = append(w.clients, &crashClient{id: id, values: o.values, answer: string(page.Items[0])})
	w.touched[w.clients[len(w.clients)-1]] = true
}

// found checks which clients a filter finds.
func (w *crashWriter) found(t *testing.T, p *program, filter string, ids ...string) {
	got, err := p.try("GET", "/v1/clients?"+filter, "")
	var page struct {
		TotalItems int
		Items      []struct{ ID string }
	}
	if err == nil {
		err = json.Unmarshal(got.body, &page)
	}
	ok := err == nil && page.TotalItems == len(ids) && len(page.Items) == len(ids)
	for i := range ids {
		ok = ok && page.Items[i].ID == ids[i]
	}
	if !ok {
		t.Errorf("filter %s: got %s, %v\nwant the clients %v", filter, got.body, err, ids)
	}
}

// checkTotals compares counts: of all, of a kind, and of a value.
func checkTotals(t *testing.T, p *program, writers []*crashWriter) {
	total := 0
	for _, w := range writers {
		alive := 0
		for _, c := range w.clients {
			if !c.deleted {
				alive++
			}
		}
		total += alive
		if got := totalOf(t, p, "metadata.writer="+w.name); got != alive {
			t.Errorf("clients of %s: got %d, want %d", w.name, got, alive)
		}
	}
	for filter, want := range map[string]int{"": total, "type=person": total, "type=company": 0} {
		if got := totalOf(t, p, filter); got != want {
			t.Errorf("total of clients with the filter %q: got %d, want %d", filter, got, want)
		}
	}
}

func totalOf(t testing.TB, p *program, filter string) int {
	t.Helper()
	var page struct{ TotalItems *int }
	body := p.want(200, "GET", "/v1/clients?pageSize=1&"+filter, "")
	if err := json.Unmarshal(body, &page); err != nil || page.TotalItems == nil {
		t.Fatalf("no list: %s", body)
	}
	return *page.TotalItems
}

func encodeJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// attributesOf gives a client's id, and the attributes that its caller gave.
func attributesOf(body []byte) (id string, values map[string]any) {
	if json.Unmarshal(body, &values) != nil {
		return "", nil
	}
	id, _ = values["id"].(string)
	for _, own := range []string{"id", "entityName", "createdAt", "updatedAt"} {
		delete(values, own)
	}
	return id, values
}

func emailOf(values map[string]any) string { return values["email"].(string) }
