package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"clientbook"
	"clientbook/internal/book"
	"clientbook/internal/message"
	"clientbook/internal/settings"
)

// An ApplyRequest is a settings file for a book.
type ApplyRequest struct {
	Book string
	Mode clientbook.Mode
	By   string // who applies it
	File []byte
	Dry  bool
}

// An ApplyReport says what became of a settings file. With problems nothing was applied.
type ApplyReport struct {
	Number   int64    // the settings number that it made, 0 if nothing was changed
	Changes  []string // what differs
	Notes    []string
	Problems []string // with line, column and path, in the order of the file
}

// apply makes a book's settings what a file says.
func (i *Instance) apply(ctx context.Context, r ApplyRequest, _ Progress) (ApplyReport, error) {
	file, problems := settings.Parse(r.File)
	if file == nil { // else Merge gives its problems as well
		return ApplyReport{Problems: lines(problems)}, nil
	}
	report, err := i.books.ChangeSettings(ctx, book.SettingsChange{Book: r.Book, Mode: r.Mode, By: r.By, Dry: r.Dry,
		Make: func(old *clientbook.Settings, mint func() clientbook.DefinitionKey, now time.Time) (*clientbook.Settings, error) {
			var next *clientbook.Settings
			if next, problems = file.Merge(old, mint, now); len(problems) > 0 {
				return old, nil // which changes nothing
			}
			return next, nil
		}})
	if err != nil {
		return ApplyReport{}, i.bookless(err, r.Book, r.Mode)
	}
	for _, p := range report.Problems {
		problems = append(problems, file.At(p.Section, p.ID, p.Text))
	}
	out := ApplyReport{Number: report.Number, Changes: settings.Diff(report.Old, report.New), Notes: report.Notes, Problems: lines(problems)}
	return out, nil
}

func lines(problems []settings.Problem) []string {
	slices.SortStableFunc(problems, func(a, b settings.Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	text := make([]string, 0, len(problems))
	for _, p := range problems {
		text = append(text, p.String())
	}
	return text
}

// bookless says what to do where there is no such book.
func (i *Instance) bookless(err error, name string, mode clientbook.Mode) error {
	if clientbook.KindOf(err) == clientbook.KindNotFound && clientbook.ReasonOf(err) == clientbook.ReasonBook {
		return fmt.Errorf("there is no book %s (%s): `clientbook key create --book %s --mode %s` makes it", name, mode, name, mode)
	}
	return plain(err)
}

// showSettings gives a book's settings as a file.
func (i *Instance) showSettings(ctx context.Context, r KeyRequest, _ Progress) (string, error) {
	s, err := i.books.BookSettings(ctx, r.Book, r.Mode)
	if err != nil {
		return "", i.bookless(err, r.Book, r.Mode)
	}
	text, err := settings.Render(s)
	return string(text), err
}

// A PreviewRequest names a template, and the client to fill it with by number or key; "" is one made up.
type PreviewRequest struct {
	Book     string
	Mode     clientbook.Mode
	Template string
	Client   string
}

// A Preview is what a template would send.
type Preview struct {
	Text clientbook.MessageText
	None bool // nothing: the recipient has no address for the channel
}

// preview renders a template without sending anything.
func (i *Instance) preview(ctx context.Context, r PreviewRequest, _ Progress) (Preview, error) {
	s, err := i.books.BookSettings(ctx, r.Book, r.Mode)
	if err != nil {
		return Preview{}, i.bookless(err, r.Book, r.Mode)
	}
	t := s.Template(r.Template)
	if t == nil {
		return Preview{}, fmt.Errorf("the book has no template %q: `clientbook settings show` shows them", r.Template)
	}
	c := sample(s)
	if r.Client != "" {
		if c, err = i.books.BookClient(ctx, r.Book, r.Mode, r.Client); err != nil {
			if clientbook.KindOf(err) == clientbook.KindNotFound {
				err = fmt.Errorf("the book has no client of that number or key")
			}
			return Preview{}, plain(err)
		}
	}
	text, ok, err := message.Render(t, &message.Data{Client: c, Settings: s, Now: time.Now()})
	return Preview{Text: text, None: !ok}, err
}

// sample is a client who does not exist.
func sample(s *clientbook.Settings) *clientbook.Client {
	c := &clientbook.Client{
		Number: "123456789", Email: "ada.marsh@example.com", Mobile: "+4366012345678", Language: s.Language, State: s.InitialState,
		ClientType: s.DefaultClientType().Key,
		Person:     &clientbook.Person{FirstName: "Ada", MiddleName: "Maria", LastName: "Marsh", BirthDate: clientbook.Date{Year: 1985, Month: 2, Day: 28}},
	}
	for i := range s.Users {
		if s.Users[i].CreditOfficer && s.Users[i].Active {
			c.User = s.Users[i].Key
			break
		}
	}
	if len(s.Branches) > 0 {
		c.Branch = s.Branches[0].Key
	}
	return c
}
