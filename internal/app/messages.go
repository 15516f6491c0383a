package app

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"clientbook"
	"clientbook/internal/deliver"
	"clientbook/internal/deliver/email"
	"clientbook/internal/deliver/sms"
	"clientbook/internal/deliver/webhook"
)

// MessageForPeople gives a message as a terminal shows it.
func MessageForPeople(m *clientbook.MessageText) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	to := m.Destination
	if m.Method != "" {
		to = m.Method + " " + to
	}
	line("To", to)
	for _, h := range m.Headers {
		line(h.Name, h.Value)
	}
	line("Content-Type", m.ContentType)
	line("Subject", m.Subject)
	b.WriteString("\n" + strings.TrimRight(m.Body, "\n") + "\n")
	return b.String()
}

// CheckSMTP says what is wrong with the URL of a mail server.
func CheckSMTP(url string) error {
	s, err := email.New(url, email.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// CheckSMS says what is wrong with the URL of a gateway for text messages.
func CheckSMS(url string) error {
	s, err := sms.New(url, sms.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// senders gives the senders that the server is set up for. Web hooks need no more than their own address.
func senders(c *ServeConfig) (map[clientbook.Channel]deliver.Sender, error) {
	all := map[clientbook.Channel]deliver.Sender{clientbook.WebhookChannel: webhook.New(webhook.Options{})}
	if c.SMTP != "" {
		s, err := email.New(c.SMTP, email.Options{})
		if err != nil {
			return nil, err
		}
		all[clientbook.EmailChannel] = s
	}
	if c.SMS != "" {
		s, err := sms.New(c.SMS, sms.Options{})
		if err != nil {
			return nil, err
		}
		all[clientbook.SMSChannel] = s
	}
	return all, nil
}

func closeSenders(all map[clientbook.Channel]deliver.Sender) error {
	var errs []error
	for _, s := range all {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// catcher shows on w what test books keep inside. Nothing else ever writes what a message says.
func catcher(w io.Writer) func(clientbook.Channel, *deliver.Message) {
	var mu sync.Mutex
	return func(c clientbook.Channel, m *deliver.Message) {
		mu.Lock()
		defer mu.Unlock()
		text := strings.ReplaceAll(strings.TrimRight(MessageForPeople(&m.MessageText), "\n"), "\n", "\n  | ")
		_, _ = fmt.Fprintf(w, "Caught %s:\n  | %s\n", c, text)
	}
}
