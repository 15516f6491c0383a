package app

import (
	"context"
	"errors"

	"clientbook/internal/book"
)

// A Session does commands on a data directory: by itself, or through the server that has it open.
type Session struct {
	instance *Instance // nil: through the server
	data     string
}

// Attach gives a Session. Its owner calls Close.
func Attach(ctx context.Context, c Config) (*Session, error) {
	c, err := c.absolute()
	if err != nil {
		return nil, err
	}
	d, err := claim(ctx, c.Data, c.Make)
	if errors.Is(err, errServed) {
		return &Session{data: c.Data}, nil
	}
	if err != nil {
		return nil, err
	}
	i, err := open(ctx, c, d)
	if err != nil {
		return nil, err
	}
	return &Session{instance: i, data: c.Data}, nil
}

// Close ends the Session.
func (s *Session) Close() error {
	if s.instance == nil {
		return nil
	}
	return s.instance.Close()
}

// CreateKey makes an API key, and its book if it is new.
func (s *Session) CreateKey(ctx context.Context, r KeyRequest) (string, error) {
	return createKey.run(ctx, s, r, nil)
}

// Keys gives all API keys, by book and mode, oldest first.
func (s *Session) Keys(ctx context.Context) ([]book.KeyInfo, error) {
	return listKeys.run(ctx, s, None{}, nil)
}

// RevokeKey ends the API key of that id.
func (s *Session) RevokeKey(ctx context.Context, id string) error {
	_, err := revokeKey.run(ctx, s, id, nil)
	return err
}

// Verify checks the data and gives a report for each book that is whole, beside an error at the first break too.
func (s *Session) Verify(ctx context.Context, r VerifyRequest, p Progress) ([]book.Report, error) {
	return verify.run(ctx, s, r, p)
}

// Backup writes a copy of the database to a new file and gives its size.
func (s *Session) Backup(ctx context.Context, r BackupRequest, p Progress) (int64, error) {
	return backup.run(ctx, s, r, p)
}

// Keepers gives the keepers that open the data, oldest first.
func (s *Session) Keepers(ctx context.Context) ([]KeeperInfo, error) {
	return listKeepers.run(ctx, s, None{}, nil)
}

// AddKeeper lets one more keeper open the data.
func (s *Session) AddKeeper(ctx context.Context, r KeeperRequest) (KeeperInfo, error) {
	return addKeeper.run(ctx, s, r, nil)
}

// Apply makes a book's settings what a file says.
func (s *Session) Apply(ctx context.Context, r ApplyRequest) (ApplyReport, error) {
	return apply.run(ctx, s, r, nil)
}

// ShowSettings gives a book's settings as a file.
func (s *Session) ShowSettings(ctx context.Context, r KeyRequest) (string, error) {
	return showSettings.run(ctx, s, r, nil)
}

// PreviewTemplate gives what a template would send.
func (s *Session) PreviewTemplate(ctx context.Context, r PreviewRequest) (Preview, error) {
	return preview.run(ctx, s, r, nil)
}
