// Package settings reads and writes the settings file of a book.
package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clientbook"
)

// MaxBytes is the most that a file may have.
const MaxBytes = 1 << 20

// A Problem is one thing that is wrong with a file, and where.
type Problem struct {
	Line, Column int    // from 1; columns count characters
	Path         string // like customFieldSets[0].fields[2].type; "" for the whole file
	Text         string
}

// String gives one line: "3:5: path: text".
func (p Problem) String() string {
	if p.Path == "" {
		return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Text)
	}
	return fmt.Sprintf("%d:%d: %s: %s", p.Line, p.Column, p.Path, p.Text)
}

// A File is a settings file that was understood: the sections it names, each value with its place.
type File struct {
	// said holds what the sections named say. Until Merge, a Key in it is the encodedKey that the file gives, "" for none, and every
	// other DefinitionKey is the id of what is meant.
	said     clientbook.Settings
	sections map[string]spot
	spots    map[string]spot // of every value read, by its path
	problems []Problem
}

// A spot is a place in a file.
type spot struct{ line, column int }

// Parse reads a file. It gives none if the text is no YAML that a settings file may be. A file with other problems is given beside them:
// its Merge finds them too, and with them what is wrong only together with the old settings.
func Parse(text []byte) (*File, []Problem) {
	root, problems := readYAML(text)
	if len(problems) > 0 && root == nil {
		return nil, problems
	}
	r := &reader{spots: map[string]spot{}, problems: problems}
	f := &File{sections: map[string]spot{}}
	if root != nil {
		f.read(value{r: r, node: root})
	}
	f.spots, f.problems = r.spots, tidy(r.problems)
	return f, slices.Clone(f.problems)
}

// tidy gives the problems in the order of the file, each once.
func tidy(all []Problem) []Problem {
	slices.SortFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(all)
}

// At gives text a place: of the definition with that id in that section ("clientTypes", "customFields", ...), of the section if the
// definition isn't in it (a removal), of the file if it doesn't name the section.
func (f *File) At(section, id, text string) Problem {
	return f.fault(f.path(section, id), text)
}

// path gives the path of a definition, of its section, or "".
func (f *File) path(section, id string) string {
	if id != "" {
		for path, d := range definitions(&f.said, section) {
			if d.ID == id {
				return path
			}
		}
	}
	if section == customFields {
		section = "customFieldSets"
	}
	if _, ok := f.sections[section]; ok {
		return section
	}
	return ""
}

// fault gives text the place of path, or of the nearest that the file has around it.
func (f *File) fault(path, text string) Problem {
	at := spot{1, 1}
	for p := path; p != ""; p = p[:max(strings.LastIndexAny(p, ".["), 0)] {
		if s, ok := f.spots[p]; ok {
			at = s
			break
		}
	}
	return Problem{at.line, at.column, path, text}
}
