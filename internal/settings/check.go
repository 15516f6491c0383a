package settings

import (
	"fmt"

	"clientbook"
)

// check complains of what is wrong between the values of a file, whatever the old settings are.
func (f *File) check(r *reader) {
	fault := func(path, format string, args ...any) {
		r.problems = append(r.problems, f.fault(path, fmt.Sprintf(format, args...)))
	}
	for _, k := range kinds {
		var ids twice
		for path, d := range definitions(&f.said, k.section) {
			ids.add(f, fault, path+".id", d.ID)
		}
	}
	var usernames, names twice
	for i, u := range f.said.Users {
		usernames.add(f, fault, index("users", i)+".username", u.Username)
	}
	for i, t := range f.said.Templates {
		names.add(f, fault, index("templates", i)+".name", t.Name)
	}
	checkDefaultType(f.said.ClientTypes, fault)
	for i := range f.said.CustomFieldSets {
		c := newSetChecker(fault, index("customFieldSets", i)+".fields", f.said.CustomFieldSets[i].Fields)
		c.check(f)
	}
}

// complain takes a path and what is wrong there.
type complain func(path, format string, args ...any)

// twice finds texts that must not be there twice.
type twice map[string]string // to the path of the first

func (t *twice) add(f *File, fault complain, path, text string) {
	if text == "" {
		return
	}
	if *t == nil {
		*t = twice{}
	}
	if first, ok := (*t)[text]; ok {
		fault(path, "%s is here twice, first in line %d", short(text), f.fault(first, "").Line)
		return
	}
	(*t)[text] = path
}

// checkDefaultType wants exactly one type for persons to be the default. A section without types means the built-in one, which is it.
func checkDefaultType(types []clientbook.ClientType, fault complain) {
	defaults := 0
	for i, t := range types {
		if !t.Default {
			continue
		}
		path := index("clientTypes", i) + ".default"
		switch {
		case t.Group:
			fault(path, "only a type of kind CLIENT can be the default")
		case defaults > 0:
			fault(path, "exactly one type of kind CLIENT is the default, another one is already")
		}
		if !t.Group {
			defaults++
		}
	}
	if defaults == 0 && len(types) > 0 {
		fault("clientTypes", "exactly one type of kind CLIENT must say default: true, none does")
	}
}

// A setChecker looks at what the fields of one set say of one another.
type setChecker struct {
	fault   complain
	path    string
	fields  []clientbook.CustomField
	byID    map[clientbook.DefinitionKey]*clientbook.CustomField
	circles map[*clientbook.CustomField]bool // those that are their own parent, at any remove
}

func newSetChecker(fault complain, path string, fields []clientbook.CustomField) *setChecker {
	c := &setChecker{fault, path, fields, map[clientbook.DefinitionKey]*clientbook.CustomField{}, nil}
	for i := range fields {
		if id := fields[i].ID; id != "" {
			c.byID[clientbook.DefinitionKey(id)] = &fields[i]
		}
	}
	c.circles = c.findCircles()
	return c
}

// findCircles follows the parents of each field until it meets a field for the second time: where that was in the same walk, it and all
// after it are a circle.
func (c *setChecker) findCircles() map[*clientbook.CustomField]bool {
	walk := map[*clientbook.CustomField]int{}
	circles := map[*clientbook.CustomField]bool{}
	for i := range c.fields {
		f := &c.fields[i]
		for f != nil && walk[f] == 0 {
			walk[f] = i + 1
			f = c.byID[f.Parent]
		}
		for f != nil && walk[f] == i+1 && !circles[f] {
			circles[f] = true
			f = c.byID[f.Parent]
		}
	}
	return circles
}

func (c *setChecker) check(file *File) {
	for i := range c.fields {
		f := &c.fields[i]
		path := index(c.path, i)
		var values, keys twice
		for j, o := range f.Options {
			values.add(file, c.fault, index(path+".options", j)+".value", o.Value)
			keys.add(file, c.fault, index(path+".options", j)+".encodedKey", string(o.Key))
		}
		c.parent(f, path)
	}
}

// parent looks at the field that says which options of f are allowed, and at what they say of it.
func (c *setChecker) parent(f *clientbook.CustomField, path string) {
	if f.Parent == "" {
		for j, o := range f.Options {
			if len(o.Parents) > 0 {
				c.fault(index(path+".options", j)+".parents", "is only for the options of a field with a parent")
			}
		}
		return
	}
	p := c.byID[f.Parent]
	switch {
	case f.Type != clientbook.SelectionField:
		return // complained of
	case p == nil:
		c.fault(path+".parent", "there is no other field %s in this set", short(string(f.Parent)))
		return
	case p.Type != clientbook.SelectionField:
		c.fault(path+".parent", "%s is no SELECTION", short(string(f.Parent)))
		return
	case c.circles[f]:
		c.fault(path+".parent", "the parents go in a circle")
		return
	}
	allowed := map[string]bool{"": true} // complained of
	for _, o := range p.Options {
		allowed[o.Value] = true
	}
	for j, o := range f.Options {
		for k, v := range o.Parents {
			if !allowed[v] {
				c.fault(index(index(path+".options", j)+".parents", k), "%s is no value of %s", short(v), short(p.ID))
			}
		}
	}
}
