// Package keeper wraps the root key under a secret that the database does not hold: a key file, or a passphrase.
package keeper

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"clientbook"
	"clientbook/internal/vault"
)

// A Keeper has a secret of its own that wraps the root key. Its errors are single lines for whoever runs the server: they name the
// keeper and say what to do, and never show a secret.
type Keeper interface {
	Kind() string         // as clientbook.Keeper has it
	String() string       // for messages
	Ready() (bool, error) // whether the secret is there; one that a person knows always is
	// Create makes the secret, durably, where that is not a person's part. It never replaces one.
	Create(ctx context.Context) error
	Wrap(ctx context.Context, secret []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped []byte) ([]byte, error)
}

// rootData is the associated data of every wrapped root key.
const rootData = "clientbook root"

// Parse gives the keeper of a URL: "file:PATH" or "passphrase:". ask shows a prompt and reads a line without echo; it is called at most
// once for each keeper, when the passphrase is first needed.
func Parse(url string, ask func(prompt string) (string, error)) (Keeper, error) {
	kind, rest, ok := strings.Cut(url, ":")
	switch {
	case ok && kind == kindFile && rest != "":
		return &file{path: rest}, nil
	case ok && kind == kindPassphrase && rest == "":
		return newPassphrase(ask), nil
	}
	// The URL is not shown: a passphrase may have been put there.
	return nil, errors.New("a keeper is file:PATH, or passphrase: with nothing behind it (it is asked for)")
}

// OpenRoot opens the root key with k. kept are the keepers that the database has: those of k's kind are tried in turn, and the error is
// that of the first.
func OpenRoot(ctx context.Context, k Keeper, kept []clientbook.Keeper) (*vault.Root, error) {
	if len(kept) == 0 {
		return nil, errors.New("the database has no keeper of its root key, so nothing can open it: restore a backup")
	}
	var first error
	kinds := map[string]bool{}
	for _, row := range kept {
		kinds[row.Kind] = true
		if row.Kind != k.Kind() {
			continue
		}
		root, err := open(ctx, k, row)
		if err == nil {
			return root, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = fmt.Errorf("%s: this data has no keeper of that kind: use one of kind %s", k, strings.Join(slices.Sorted(maps.Keys(kinds)), " or "))
	}
	return nil, first
}

func open(ctx context.Context, k Keeper, row clientbook.Keeper) (*vault.Root, error) {
	secret, err := k.Unwrap(ctx, row.Wrapped)
	if err != nil {
		return nil, err
	}
	root, err := vault.ParseRoot(secret)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k, err)
	}
	return root, nil
}

// Add wraps root with k, for the database to keep.
func Add(ctx context.Context, k Keeper, root *vault.Root, now time.Time) (clientbook.Keeper, error) {
	secret, err := root.Secret()
	if err != nil {
		return clientbook.Keeper{}, err
	}
	wrapped, err := k.Wrap(ctx, secret)
	if err != nil {
		return clientbook.Keeper{}, err
	}
	var id [4]byte
	rand.Read(id[:]) // ends the program rather than fail
	return clientbook.Keeper{ID: hex.EncodeToString(id[:]), Kind: k.Kind(), Wrapped: wrapped, Created: clientbook.Cut(now)}, nil
}
