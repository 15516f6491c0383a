package vault

import (
	"testing"
	"time"

	"clientbook"
)

// BenchmarkRead is what each read of a client costs here: its data key, then its body.
func BenchmarkRead(b *testing.B) {
	v := testVault(b, bookA)
	k, wrapped, err := v.NewDataKey(ada)
	if err != nil {
		b.Fatal(err)
	}
	sealed, err := k.Seal(nil, make([]byte, 500), 1)
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		k, err := v.DataKey(ada, wrapped)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.Open(dst, sealed, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	k, _, err := testVault(b, bookA).NewDataKey(ada)
	if err != nil {
		b.Fatal(err)
	}
	plain, dst := make([]byte, 500), make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Seal(dst, plain, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToken(b *testing.B) {
	v := testVault(b, bookA)
	b.ReportAllocs()
	for b.Loop() {
		v.Token(clientbook.FieldEmail, clientbook.ExactToken, "", "ada.lovelace@example.com")
	}
}

func BenchmarkLink(b *testing.B) {
	v := testVault(b, bookA)
	ver := &clientbook.Version{
		Client: ada, Number: 3, Time: time.UnixMilli(1_700_000_000_000), Dialect: "complycube",
		Action: clientbook.ActionUpdate, Body: make([]byte, 528),
	}
	b.ReportAllocs()
	for b.Loop() {
		v.Link(clientbook.Hash{1}, ver)
	}
}
