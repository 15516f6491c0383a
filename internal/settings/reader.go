package settings

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A reader collects what is wrong while a file is read, so that all of it is told at once.
type reader struct {
	spots    map[string]spot
	problems []Problem
}

func (r *reader) fault(at spot, path, format string, args ...any) {
	r.problems = append(r.problems, Problem{at.line, at.column, path, fmt.Sprintf(format, args...)})
}

// A value is one value of a file, or the lack of one. The methods that read it complain of what it isn't and then give what the file
// would mean without it.
type value struct {
	r     *reader
	node  *yaml.Node // nil if there is none
	wrong bool       // it is there, can't be read, and was complained of
	path  string
	near  spot // where to say that it is missing
}

func (v value) spot() spot {
	if v.node == nil {
		return v.near
	}
	return spot{v.node.Line, v.node.Column}
}

func (v value) there() bool { return v.node != nil }

func (v value) fault(format string, args ...any) { v.r.fault(v.spot(), v.path, format, args...) }

// missing complains if the value isn't there.
func (v value) missing() bool {
	if v.node == nil && !v.wrong {
		v.fault("is missing")
	}
	return v.node == nil
}

// refused complains if the value is there.
func (v value) refused(format string, args ...any) {
	if v.there() {
		v.fault(format, args...)
	}
}

// child gives the value at node, which lies at path. What the walker complained of is not read.
func (r *reader) child(node *yaml.Node, path string, key spot) value {
	v := value{r: r, node: node, path: path, near: key}
	switch {
	case node.Kind == yaml.AliasNode || node.Style&yaml.TaggedStyle != 0:
		v.node, v.wrong = nil, true
	case null(node):
		at := v.spot()
		if node.Value == "" {
			at = key // there is nothing at its own place
		}
		r.fault(at, path, "has no value; %s", quoteHint)
		v.node, v.wrong = nil, true
	default:
		r.spots[path] = v.spot()
	}
	return v
}

// A pair is one line of a mapping.
type pair struct {
	key   string
	place spot // of the key
	value value
}

// pairs gives the lines of a mapping in order, each key once.
func (v value) pairs() []pair {
	if v.node == nil {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.fault("is %s, want a mapping of keys to values", kindOf(v.node))
		return nil
	}
	var all []pair
	first := map[string]int{} // lines
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k := v.node.Content[i]
		at := spot{k.Line, k.Column}
		if k.Kind != yaml.ScalarNode || null(k) {
			v.r.fault(at, v.path, "a key here is %s, want text", kindOf(k))
			continue
		}
		path := join(v.path, k.Value)
		if line := first[k.Value]; line != 0 {
			v.r.fault(at, path, "is here twice, first in line %d", line)
			continue
		}
		first[k.Value] = k.Line
		all = append(all, pair{k.Value, at, v.r.child(v.node.Content[i+1], path, at)})
	}
	return all
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// join gives the path of a key. Unusual ones are quoted, so that a path stays one short line.
func join(path, key string) string {
	switch {
	case !plainKey.MatchString(key):
		return path + "[" + short(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

// short gives s for a message, quoted and of bounded length.
func short(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s[:min(len(s), most*utf8.UTFMax)])[:most]) + "…"
	}
	return strconv.Quote(s)
}

// An object is a mapping whose keys are known.
type object struct {
	value
	pairs map[string]pair
	asked map[string]bool
}

// object reads a mapping. done must be called once all keys that may be there were asked for.
func (v value) object() *object {
	o := &object{v, map[string]pair{}, map[string]bool{}}
	for _, p := range v.pairs() {
		o.pairs[p.key] = p
	}
	return o
}

// at gives the value of a key.
func (o *object) at(key string) value {
	o.asked[key] = true
	if p, ok := o.pairs[key]; ok {
		return p.value
	}
	// What can't be read at all lacks no keys.
	return value{r: o.r, path: join(o.path, key), near: o.spot(), wrong: o.node == nil || o.node.Kind != yaml.MappingNode}
}

// done complains of the keys that nobody asked for.
func (o *object) done() {
	for key, p := range o.pairs {
		if !o.asked[key] {
			o.r.fault(p.place, p.value.path, "unknown key")
		}
	}
}

// items gives the values of a list.
func (v value) items() []value {
	if v.node == nil {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.fault("is %s, want a list", kindOf(v.node))
		return nil
	}
	all := make([]value, 0, len(v.node.Content))
	for i, n := range v.node.Content {
		all = append(all, v.r.child(n, fmt.Sprintf("%s[%d]", v.path, i), spot{n.Line, n.Column}))
	}
	return all
}

// list reads each item of a list of mappings.
func list[T any](v value, read func(*object) T) []T {
	var all []T
	for _, item := range v.items() {
		o := item.object()
		all = append(all, read(o)) // also one that can't be read: positions are paths
		o.done()
	}
	return all
}

// kindOf says what n is, for people.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case null(n):
		return "nothing"
	}
	return "text"
}

// Lengths of texts, in characters.
const (
	maxText = 255
	maxLong = 65535
	maxBody = 64 << 10 // bytes
)

// source gives the text of a scalar as it is written, whatever YAML takes it for.
func (v value) source() (string, bool) {
	if v.node == nil {
		return "", false
	}
	if v.node.Kind != yaml.ScalarNode {
		v.fault("is %s, want text", kindOf(v.node))
		return "", false
	}
	return v.node.Value, true
}

// text reads one line of text.
func (v value) text() string { return v.textOf(maxText, "") }

// long reads text of several lines.
func (v value) long() string { return v.textOf(maxLong, "\t\n") }

// textOf reads text of at most so many characters, with no control characters but those of allow.
func (v value) textOf(most int, allow string) string {
	s, ok := v.source()
	if !ok {
		return ""
	}
	if n := utf8.RuneCountInString(s); n > most {
		v.fault("has %d characters, at most %d are allowed", n, most)
	}
	v.noControls(s, allow)
	return s
}

func (v value) noControls(s, allow string) {
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(allow, r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		v.fault("has a control character (U+%04X)", r)
	}
}

// name reads one line of text that must be there and not blank.
func (v value) name() string {
	if v.missing() {
		return ""
	}
	s := v.text()
	if v.node.Kind == yaml.ScalarNode && strings.TrimSpace(s) == "" {
		v.fault("is blank")
	}
	return s
}

// flag reads true or false.
func (v value) flag(otherwise bool) bool {
	if v.node == nil {
		return otherwise
	}
	if v.node.Kind == yaml.ScalarNode && v.node.Style == 0 && (v.node.Value == "true" || v.node.Value == "false") {
		return v.node.Value == "true"
	}
	v.fault("want true or false")
	return otherwise
}

var wholeNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)$`)

// number reads an integer.
func (v value) number(least, most, otherwise int) int {
	if v.node == nil {
		return otherwise
	}
	n, err := strconv.Atoi(v.node.Value)
	if v.node.Kind != yaml.ScalarNode || v.node.Style != 0 || !wholeNumber.MatchString(v.node.Value) || err != nil || n < least || n > most {
		v.fault("want an integer from %d to %d", least, most)
		return otherwise
	}
	return n
}

// oneOf reads one of some words.
func oneOf[T any](v value, words []word[T], otherwise T) T {
	s, ok := v.source()
	if !ok {
		return otherwise
	}
	for _, w := range words {
		if w.text == s {
			return w.means
		}
	}
	v.fault("is %s, want %s", short(s), wordsOf(words))
	return otherwise
}
