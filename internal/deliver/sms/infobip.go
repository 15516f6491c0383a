package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"clientbook"
	"clientbook/internal/deliver"
)

// infobip is Infobip's SMS API, version 2 (dev-old.infobip.com, "Fully featured textual message"; "API authorization" for the header;
// "Response status and error codes" for the groups).
type infobip struct {
	base      url.URL
	key, from string
}

type infobipRequest struct {
	Messages []infobipMessage `json:"messages"`
}

type infobipMessage struct {
	Destinations []infobipDestination `json:"destinations"`
	From         string               `json:"from"`
	Text         string               `json:"text"`
}

type infobipDestination struct {
	To        string `json:"to"` // international, without a plus
	MessageID string `json:"messageId,omitempty"`
}

type infobipAnswer struct {
	Messages []struct {
		Status struct {
			GroupName string `json:"groupName"`
			Name      string `json:"name"`
		} `json:"status"`
	} `json:"messages"`
}

func (g *infobip) request(ctx context.Context, id, to, text string) (*http.Request, error) {
	body, err := json.Marshal(infobipRequest{[]infobipMessage{{
		Destinations: []infobipDestination{{To: strings.TrimPrefix(to, "+"), MessageID: id}}, From: g.from, Text: text,
	}}})
	if err != nil {
		return nil, err
	}
	u := g.base.JoinPath("sms", "2", "text", "advanced")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "App "+g.key)
	return r, nil
}

func (g *infobip) verdict(body []byte) error {
	var answer infobipAnswer
	if json.Unmarshal(body, &answer) != nil || len(answer.Messages) == 0 || answer.Messages[0].Status.GroupName == "" {
		return nonsense()
	}
	status := answer.Messages[0].Status
	switch {
	case status.Name == "REJECTED_NOT_ENOUGH_CREDITS": // an operator can mend it
		return &deliver.Failure{Outcome: clientbook.OutcomeRefused, Down: true, Err: errors.New("no credit at the gateway")}
	case status.GroupName == "REJECTED" || status.GroupName == "UNDELIVERABLE":
		return deliver.Permanent(clientbook.OutcomeRefused, "the gateway can't deliver it")
	}
	return nil
}
