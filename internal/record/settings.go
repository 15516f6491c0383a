package record

import (
	"errors"
	"fmt"
	"time"

	"clientbook"
)

// What settings and messages begin with: JSON in the names of the domain's own fields follows.
const (
	settingsFormat = 1
	messageFormat  = 1
)

var errNothing = errors.New("there is none")

// A settingsBody is a set of settings with who made it and when.
type settingsBody struct {
	By       string
	At       time.Time
	Settings *clientbook.Settings
}

// AppendSettings appends a set of settings to dst, with who made it and when. Parts without a value are left out, so an empty list counts
// as none and is nil when read; times are cut as everywhere. Two encodings are equal exactly if what they hold is.
func AppendSettings(dst []byte, s *clientbook.Settings, by string, at time.Time) ([]byte, error) {
	if s == nil {
		return nil, fmt.Errorf("encode settings: %w", errNothing)
	}
	b, err := appendJSON(append(dst, settingsFormat), settingsBody{by, at, s})
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return b, nil
}

// DecodeSettings reads what AppendSettings wrote. A format or part that this program does not know is an error, since writing the settings
// again would lose what a newer program put there.
func DecodeSettings(b []byte) (s *clientbook.Settings, by string, at time.Time, err error) {
	var body settingsBody
	if err := decodeJSON(b, settingsFormat, &body); err != nil {
		return nil, "", time.Time{}, fmt.Errorf("decode settings: %w", err)
	}
	if body.Settings == nil {
		return nil, "", time.Time{}, fmt.Errorf("decode settings: %w", errMalformed)
	}
	return body.Settings, body.By, body.At, nil
}

// AppendMessage appends what a message says and to whom to dst, by the same rules as AppendSettings.
func AppendMessage(dst []byte, m *clientbook.MessageText) ([]byte, error) {
	if m == nil {
		return nil, fmt.Errorf("encode message: %w", errNothing)
	}
	b, err := appendJSON(append(dst, messageFormat), m)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return b, nil
}

// DecodeMessage reads what AppendMessage wrote, and refuses what DecodeSettings would. Its errors show no text of b.
func DecodeMessage(b []byte) (*clientbook.MessageText, error) {
	var m *clientbook.MessageText
	if err := decodeJSON(b, messageFormat, &m); err != nil {
		return nil, fmt.Errorf("decode message: %w", err)
	}
	if m == nil {
		return nil, fmt.Errorf("decode message: %w", errMalformed)
	}
	return m, nil
}
