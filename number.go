package clientbook

import (
	"fmt"
	"io"
)

// A NumberPattern says what client numbers look like: '@' is a capital letter, '#' a digit, '$' either, all else stands for itself.
type NumberPattern string

// Generate gives a number of that pattern with random bytes from random.
func (p NumberPattern) Generate(random io.Reader) (string, error) {
	const letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	out := []byte(p)
	for i, c := range out {
		var from string
		switch c {
		case '@':
			from = letters
		case '#':
			from = digits
		case '$':
			from = letters + digits
		default:
			continue
		}
		b, err := below(len(from), random)
		if err != nil {
			return "", fmt.Errorf("client number: %w", err)
		}
		out[i] = from[b]
	}
	return string(out), nil
}

// below gives a number from 0 to n-1, each as likely; n is at most 256.
func below(n int, random io.Reader) (int, error) {
	var b [1]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if v := int(b[0]); v < 256-256%n {
			return v % n, nil
		}
	}
}
