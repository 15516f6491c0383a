package settings

import (
	"strings"

	"clientbook"
)

// A word is a text of the file and what it means.
type word[T any] struct {
	text  string
	means T
}

var (
	states = []word[clientbook.State]{
		{"INACTIVE", clientbook.StateInactive}, {"PENDING_APPROVAL", clientbook.StatePendingApproval},
	}
	duplicateModes = []word[clientbook.DuplicateMode]{
		{"off", clientbook.DuplicatesIgnored}, {"warning", clientbook.DuplicatesWarned}, {"error", clientbook.DuplicatesRefused},
	}
	languages      = same(clientbook.Languages)
	duplicateRules = same(clientbook.DuplicateRules)
	clientKinds    = []word[bool]{{"CLIENT", false}, {"GROUP", true}} // what they mean is ClientType.Group
	entities       = []word[bool]{{"CLIENT", true}}
	usages         = []word[bool]{{"SINGLE", false}, {"GROUPED", true}}
	lengths        = []word[bool]{{"SHORT", false}, {"LONG", true}}
	fieldTypes     = []word[clientbook.FieldType]{
		{"STRING", clientbook.StringField}, {"NUMBER", clientbook.NumberField}, {"SELECTION", clientbook.SelectionField},
		{"CHECKBOX", clientbook.CheckboxField}, {"DATE", clientbook.DateField}, {"CLIENT_LINK", clientbook.ClientLinkField},
		{"GROUP_LINK", clientbook.GroupLinkField}, {"USER_LINK", clientbook.UserLinkField},
	}
	weekdays = same([]string{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"})
	channels = []word[clientbook.Channel]{
		{"EMAIL", clientbook.EmailChannel}, {"SMS", clientbook.SMSChannel}, {"WEB_HOOK", clientbook.WebhookChannel},
	}
	events = []word[clientbook.Event]{
		{"CLIENT_CREATED", clientbook.ClientCreated}, {"CLIENT_APPROVED", clientbook.ClientApproved},
		{"CLIENT_REJECTED", clientbook.ClientRejected}, {"CLIENT_ACTIVITY", clientbook.ClientActivity},
	}
	recipients = []word[clientbook.Recipient]{
		{"CLIENT", clientbook.ToClient}, {"CREDIT_OFFICER", clientbook.ToCreditOfficer},
	}
	options = []word[bool]{{"OPT_OUT", false}, {"OPT_IN", true}}
	methods = same([]string{"POST", "PUT", "PATCH"})
)

// same gives words that mean themselves.
func same[T ~string](all []T) []word[T] {
	words := make([]word[T], 0, len(all))
	for _, t := range all {
		words = append(words, word[T]{string(t), t})
	}
	return words
}

// wordFor gives the text that means t, "" if there is none.
func wordFor[T comparable](words []word[T], t T) string {
	for _, w := range words {
		if w.means == t {
			return w.text
		}
	}
	return ""
}

// wordsOf lists the texts.
func wordsOf[T any](words []word[T]) string {
	all := make([]string, 0, len(words))
	for _, w := range words {
		all = append(all, w.text)
	}
	if last := len(all) - 1; last > 0 {
		return strings.Join(all[:last], ", ") + " or " + all[last]
	}
	return all[0]
}
