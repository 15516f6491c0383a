package settings

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"clientbook"
)

// Render gives s as a settings file that Parse and Merge make s of again. It names every section, and the encodedKey of each definition,
// so that it carries the keys to another book too.
func Render(s *clientbook.Settings) ([]byte, error) {
	d := newDescriber(s)
	var top []property
	for _, section := range sectionNames {
		node := mapping(d.single(section))
		if d.single(section) == nil {
			node = d.section(section)
		}
		top = append(top, property{key: section, node: node})
	}
	if d.dangling != "" {
		return nil, fmt.Errorf("the settings refer to %q, which they don't define", d.dangling)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(mapping(top)); err != nil {
		return nil, fmt.Errorf("write the settings: %w", err)
	}
	if out.Len() > MaxBytes {
		return nil, fmt.Errorf("as a file the settings have %d bytes, and one has at most %d", out.Len(), MaxBytes)
	}
	return out.Bytes(), nil
}

// section gives the list of a section's definitions.
func (d *describer) section(name string) *yaml.Node {
	list := sequence()
	if name == "clientTypes" && reflect.DeepEqual(d.settings.ClientTypes, clientbook.DefaultSettings().ClientTypes) {
		list.Style = yaml.FlowStyle // [] is the built-in type, without times of its own
		return list
	}
	for i, e := range d.entriesOf(name) {
		node := mapping(e.properties)
		if name == "customFieldSets" {
			node.Content = append(node.Content, scalar("fields"), d.fieldsOf(&d.settings.CustomFieldSets[i]))
		}
		list.Content = append(list.Content, node)
	}
	return list
}

func (d *describer) fieldsOf(set *clientbook.CustomFieldSet) *yaml.Node {
	list := sequence()
	for _, e := range describeAll(set.Fields, d.customField) {
		list.Content = append(list.Content, mapping(e.properties))
	}
	return list
}

// needsNoQuotes are texts that every reader of YAML takes for text: two words at least, or one that is no number and no word of YAML's.
var (
	needsNoQuotes = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*$`)
	wordsOfYAML   = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null)$`)
)

// scalar gives text so that it is read as it is.
func scalar(s string) *yaml.Node {
	n := plain(s, "!!str")
	switch {
	case needsNoQuotes.MatchString(s) && !wordsOfYAML.MatchString(s):
	case literal(s):
		n.Style = yaml.LiteralStyle
	default:
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// literal says whether s can be a block of lines: several, none of which begins or ends with a space, all of them printable.
func literal(s string) bool {
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") || strings.HasPrefix(s, "\n") || strings.HasSuffix(s, "\n\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != line || strings.ContainsFunc(line, func(r rune) bool { return !yamlPrintable(r) }) {
			return false
		}
	}
	return true
}

// yamlPrintable says whether r stands for itself in a block, and breaks no line.
func yamlPrintable(r rune) bool {
	return r >= ' ' && r <= '~' || r >= 0xA0 && r < 0x2028 || r > 0x2029 && r < 0xD800 || r >= 0xE000 && r < 0xFE00
}
