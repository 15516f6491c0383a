package book

import (
	"clientbook"
)

// A Search chooses clients of the kind that the caller's dialect shows; every constraint must hold.
type Search struct {
	Where []Constraint
	Sort  Subject // NoSubject: by creation
	// SortSource is what the caller calls Sort, for errors.
	SortSource string
	// SortField is the key of the custom field, of FieldSubject.
	SortField  clientbook.DefinitionKey
	Descending bool
}

// A Constraint is one thing that must be true of a client.
type Constraint struct {
	Source  string // what the caller calls the subject, for errors
	Subject Subject
	Field   clientbook.DefinitionKey // key of the custom field, of FieldSubject
	Op      Op
	Texts   []string           // what Is to Between compare with: one, two of Between, any number of OneOf
	Days    [2]clientbook.Date // first and last day of Within on a date, both included; the zero Date is no bound
	Window  clientbook.Window  // of Within on a time
}

// An Op is how a constraint compares.
type Op uint8

// The operators.
const (
	Is        Op = iota // equal; letter case and outer space do not count in texts
	IsExactly           // equal byte for byte
	IsNot               // not equal as Is compares; also true of no value
	Begins              // letter case does not count
	OneOf               // equal to one of several, as Is compares
	Less                // of numbers
	More                // of numbers
	Between             // of numbers, both ends included
	Within              // of dates and times
	Empty
	NotEmpty
)

// A Subject is what a constraint is about.
type Subject uint8

// The subjects.
const (
	NoSubject Subject = iota
	KeySubject
	NumberSubject
	FullNameSubject // first, middle and last name with single spaces between them
	FirstNameSubject
	MiddleNameSubject
	LastNameSubject
	BirthDateSubject
	GenderSubject // "male", "female"
	CreatedSubject
	UpdatedSubject
	ApprovedSubject
	ActivatedSubject
	ClosedSubject
	StateSubject      // the state as String gives it
	ClientTypeSubject // these and the next three: the key
	BranchSubject
	CentreSubject
	UserSubject
	HomePhoneSubject
	MobileSubject
	EmailSubject
	AddressSubject // the lines of the main address, joined by single spaces
	NotesSubject
	LanguageSubject
	NothingSubject // a number that is 0 for every client, as long as there are no accounts
	FieldSubject   // a custom field; of its type depends what suits
)
