package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// ask has the server that has the data directory open do the command. Ending ctx stops it there too.
func (o operation[In, Out]) ask(ctx context.Context, data string, in In, p Progress) (out Out, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control"+controlPath+o.name, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dialControl(ctx, data) }}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return out, fmt.Errorf("ask the server that has %s open: %w", data, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return out, fmt.Errorf("the server that has %s open does not know this command: it is another version of clientbook", data)
	}
	return readAnswer[Out](resp.Body, data, p)
}

// readAnswer reads the lines of an answer until the one that ends it.
func readAnswer[Out any](body io.Reader, data string, p Progress) (out Out, err error) {
	for lines := json.NewDecoder(body); ; {
		var line controlLine
		if err := lines.Decode(&line); err != nil {
			return out, fmt.Errorf("the server that has %s open ended before the command did: %w", data, err)
		}
		if !line.End {
			if p != nil {
				p(line.Done, line.All)
			}
			continue
		}
		err := json.Unmarshal(line.Result, &out)
		if line.Error != "" {
			err = errors.Join(errors.New(line.Error), err)
		}
		return out, err
	}
}
