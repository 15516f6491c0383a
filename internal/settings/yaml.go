package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxDepth is how deep lists and mappings may lie in one another; the schema needs eight.
const maxDepth = 12

// quoteHint is for those who wrote a pattern as it is.
const quoteHint = `text that begins with "#" or "@" must be quoted, like "@@@###"`

// readYAML gives the top of the one document of text, nil if that is empty. Problems without a top mean that it can't be read.
func readYAML(text []byte) (*yaml.Node, []Problem) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if p := badText(text); p != nil {
		return nil, []Problem{*p}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, []Problem{syntaxProblem(text, err)}
	}
	if err := dec.Decode(&second); err == nil {
		return nil, []Problem{{second.Line, second.Column, "", "a second document begins here: a settings file is one"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, []Problem{syntaxProblem(text, err)}
	}
	root := doc.Content[0]
	if null(root) && root.Value == "" && root.Style == 0 && root.Anchor == "" { // "---" alone
		return nil, nil
	}
	w := walker{lines: splitLines(text)}
	w.walk(root, 1)
	return root, w.problems
}

// badText finds what YAML forbids before there is any YAML: too much, or characters that are none.
func badText(text []byte) *Problem {
	if len(text) > MaxBytes {
		return &Problem{1, 1, "", fmt.Sprintf("a settings file has at most %d bytes, this one has %d", MaxBytes, len(text))}
	}
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return &Problem{line, column, "", "not UTF-8"}
		case r == '\n':
			line, column = line+1, 0
		case !yamlCharacter(r):
			return &Problem{line, column, "", fmt.Sprintf("a character that no file may have (U+%04X)", r)}
		}
		column++
		i += size
	}
	return nil
}

// yamlCharacter says whether YAML lets r stand in a file unescaped, and the library too.
func yamlCharacter(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == 0x85 || r >= ' ' && r <= '~':
		return true
	}
	return r >= 0xA0 && r != 0xFEFF && r != 0xFFFE && r != 0xFFFF
}

var (
	libraryError = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	unquotedAt   = regexp.MustCompile(`(?:[:,\[{-][ \t]+|[,\[{])@`)
)

// syntaxProblem finds the line of an error of the library, which gives it in words only, or not at all if it is the first. The errors of
// its parser count lines from 0, those of its scanner from 1 (v3.0.5, decode.go, fail).
func syntaxProblem(text []byte, err error) Problem {
	message := err.Error()
	line := 1
	if m := libraryError.FindStringSubmatch(message); m != nil {
		message = message[len(m[0]):]
		if m[1] != "" {
			line, _ = strconv.Atoi(m[1])
			if strings.HasPrefix(message, "did not find expected") || strings.HasPrefix(message, "found incompatible") {
				line++
			}
		}
	}
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok { // without any line
		name, _, _ = strings.Cut(name, "'")
		line = 1 + bytes.Count(text[:max(bytes.Index(text, []byte("*"+name)), 0)], []byte("\n"))
	}
	lines := bytes.Split(text, []byte("\n"))
	line = min(line, len(lines))
	if unquotedAt.Match(lines[line-1]) {
		message += ": " + quoteHint
	}
	return Problem{line, 1, "", "not YAML: " + message}
}

// A walker finds what YAML has and a settings file may not: anchors, aliases, tags, depth.
type walker struct {
	lines    []string
	problems []Problem

	// at is how far marked looked into a line, and rest what follows: a file may be one line, and nodes come in order.
	at   spot
	rest string
}

func (w *walker) walk(n *yaml.Node, depth int) {
	fault := func(text string) { w.problems = append(w.problems, Problem{n.Line, n.Column, "", text}) }
	switch {
	case n.Kind == yaml.AliasNode:
		fault("aliases are not allowed")
		return
	case n.Anchor != "":
		fault("anchors are not allowed")
	case n.Style&yaml.TaggedStyle != 0 || w.marked(n):
		fault("tags are not allowed")
	case depth > maxDepth && n.Kind != yaml.ScalarNode:
		fault("nested too deeply")
		return
	}
	for _, c := range n.Content {
		w.walk(c, depth+1)
	}
}

// marked says whether "!", the tag that the library forgets, stands before n.
func (w *walker) marked(n *yaml.Node) bool {
	if n.Line < 1 || n.Line > len(w.lines) {
		return false
	}
	if n.Line != w.at.line || n.Column < w.at.column {
		w.at, w.rest = spot{n.Line, 1}, w.lines[n.Line-1]
	}
	for w.at.column < n.Column && w.rest != "" {
		_, size := utf8.DecodeRuneInString(w.rest)
		w.at.column, w.rest = w.at.column+1, w.rest[size:]
	}
	return strings.HasPrefix(w.rest, "!")
}

// splitLines ends lines where the library does, which counts the breaks of YAML 1.1 too.
func splitLines(text []byte) []string {
	s := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(string(text))
	return strings.Split(s, "\n")
}

// null says whether n is no value: nothing, "~" or "null".
func null(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}
