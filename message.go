package clientbook

import "time"

// A MessageID is made like a ClientID, so messages made later sort later.
type MessageID = ClientID

// A Message is one text for one recipient over one channel, with what became of it. What it says and to whom is sealed under the data
// key of the client that it is about.
type Message struct {
	Book     BookID
	ID       MessageID
	Client   ClientID
	Position int64 // of the version that caused it; no two messages have the same position and template
	Template DefinitionKey
	Channel  Channel
	State    MessageState
	Created  time.Time
	Due      time.Time // when it is tried next; while it is leased, when the lease ends
	Leased   time.Time // the end of its lease, zero if it is free
	Sent     time.Time // zero if it is not
	Attempts int
	Outcome  string // a word for what came of the last attempt, "" for nothing yet
	Sealed   []byte
	Key      []byte // the client's wrapped data key, as read; stores don't keep it here
}

// MessageState is how far a message has come.
type MessageState uint8

// The states of a message, as stored.
const (
	MessageQueued MessageState = 1 // waits for its time, or is being sent while its lease lasts
	MessageSent   MessageState = 2
	MessageFailed MessageState = 3
)

// Outcomes of attempts, as stored.
const (
	OutcomeCaught        = "caught"         // kept inside: a test book sends to its allow list only
	OutcomeRefused       = "refused"        // the server refused the message or its recipient
	OutcomeUnreachable   = "unreachable"    // no connection, or it broke
	OutcomeNonsense      = "nonsense"       // an answer that is none of the protocol's
	OutcomeStatus        = "status"         // an HTTP status other than success
	OutcomeNoSender      = "no_sender"      // the server has no sender for the channel
	OutcomeNoDestination = "no_destination" // the destination can't be sent to
	OutcomeForbidden     = "forbidden"      // an address that is not public, where only public ones are allowed
	OutcomeTooLong       = "too_long"       // more text than the channel takes
	OutcomeEncoding      = "encoding"       // text that the channel can't carry
	OutcomeInternal      = "internal"       // a fault of ours
)

// MessageText is what a message says and to whom: the plaintext of Message.Sealed.
type MessageText struct {
	Event       Event
	Destination string        // an e-mail address, a phone number, a URL
	User        DefinitionKey // the user whom it is for, "" if it is for the client
	Subject     string
	Body        string
	HTML        bool   // of EmailChannel: the body is HTML
	Method      string // of WebhookChannel
	ContentType string
	Headers     []Header
}

// A MessageQuery chooses messages; every criterion must hold.
type MessageQuery struct {
	Client  ClientID // zero: any
	Created Window
}
