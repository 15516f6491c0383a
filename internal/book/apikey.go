package book

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"strings"

	"clientbook"
)

// An apiKey is what a caller shows: `test_` or `live_`, then base62 of the book, the credential's id, 24 random bytes and a check.
type apiKey struct {
	mode       clientbook.Mode
	book       clientbook.BookID
	credential clientbook.CredentialID
	secret     [24]byte
}

const (
	keyBytes   = 4 + 8 + 24 + 4
	keyDigits  = 54 // base62 digits that hold keyBytes
	base62     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	bigDigits  = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" // math/big's order of the same digits
	checkBytes = 4
)

// String gives the key as the caller sends it.
func (k apiKey) String() string {
	b := make([]byte, 0, keyBytes)
	b = binary.BigEndian.AppendUint32(b, uint32(k.book))
	b = append(b, k.credential[:]...)
	b = append(b, k.secret[:]...)
	b = append(b, k.check(b)...)
	digits := new(big.Int).SetBytes(b).Text(62)
	digits = strings.Map(func(r rune) rune { return rune(base62[strings.IndexRune(bigDigits, r)]) }, digits)
	return string(k.mode) + "_" + strings.Repeat("0", keyDigits-len(digits)) + digits
}

// check gives the bytes that tell a mistyped key from an unknown one.
func (k apiKey) check(b []byte) []byte {
	sum := sha256.Sum256(append([]byte(k.mode), b...))
	return sum[:checkBytes]
}

// parseAPIKey reads a key; false for anything that String can't have given.
func parseAPIKey(s string) (k apiKey, ok bool) {
	mode, digits, ok := strings.Cut(s, "_")
	k.mode = clientbook.Mode(mode)
	if !ok || !k.mode.Valid() || len(digits) != keyDigits || strings.Trim(digits, base62) != "" {
		return k, false
	}
	digits = strings.Map(func(r rune) rune { return rune(bigDigits[strings.IndexRune(base62, r)]) }, digits)
	n, ok := new(big.Int).SetString(digits, 62)
	if !ok || n.BitLen() > 8*keyBytes {
		return k, false
	}
	b := n.FillBytes(make([]byte, keyBytes))
	k.book = clientbook.BookID(binary.BigEndian.Uint32(b))
	copy(k.credential[:], b[4:])
	copy(k.secret[:], b[12:])
	return k, string(k.check(b[:keyBytes-checkBytes])) == string(b[keyBytes-checkBytes:])
}
